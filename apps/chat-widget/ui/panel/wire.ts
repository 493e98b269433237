/** What a link to the server tells its owner. */
export interface WireEvents {
  up(): void;
  down(): void;
  /** The server will not have us; `code` and the rest are of a Problem's `error`. */
  refused(error: { code: string; message: string; retryAfter?: number }): void;
  event(name: string, data: unknown): void;
}

/** A connection that keeps itself up, whatever carries it. */
export interface Wire {
  /** Resolves with the server's acknowledgement; rejects when the connection breaks or it takes too long. */
  ask(name: string, data: unknown): Promise<unknown>;
  /** Drops the connection and opens it anew, with fresh `auth`. */
  reopen(): void;
  close(): void;
}

export interface WireOptions {
  namespace: string;
  auth(): object;
  on: WireEvents;
}
