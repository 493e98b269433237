/** A cursor or position that no page of ours gave out. */
export class InvalidPosition extends Error {
  override readonly name = 'InvalidPosition';
  readonly code = 'invalid';
  readonly retryable = false;
  constructor(text: string) {
    super(`"${text.slice(0, 80)}" is not a position.`);
  }
}

/** A place in an order by time, then id: microseconds since 1970 and a UUID. */
export interface Position {
  at: number;
  id: string;
}

const shape = /^(\d{1,16})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Reads what SQL wrote as `<micros>_<id>`. Throws {@link InvalidPosition}. */
export function parsePosition(text: string): Position {
  const [, at, id] = shape.exec(text) ?? [];
  if (at === undefined || id === undefined || !Number.isSafeInteger(Number(at)))
    throw new InvalidPosition(text);
  return { at: Number(at), id };
}
