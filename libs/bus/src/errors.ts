/** Nothing durable could be reached: neither the broker nor the database. Trying later may help. */
export class BusUnavailable extends Error {
  readonly code = 'bus_unavailable';
  readonly retryable = true;
  constructor(cause: unknown) {
    super(`The bus cannot store events now: ${(cause as Error | undefined)?.message ?? String(cause)}`, {
      cause,
    });
  }
}

/** An event does not fit the schema of its topic, or cannot be stored by any bus. Nothing of the call was published. */
export class InvalidEvent extends Error {
  readonly code = 'invalid_event';
  readonly retryable = false;
  constructor(
    readonly topic: string,
    readonly reason: string,
  ) {
    super(`An event does not fit ${topic}: ${reason}`);
  }
}

/** The cursor is not where the batch began: another process owns the partition now. Whatever was done is undone. */
export class StaleOwner extends Error {
  readonly code = 'stale_owner';
  readonly retryable = false;
  constructor(group: string, topic: string, partition: number) {
    super(`${group} on ${topic}/${partition} was moved on by another owner.`);
  }
}

/** SQLSTATE that the SQL function `bus.advance` raises for {@link StaleOwner}. */
export const STALE_OWNER = 'YX001';
