/** A text that says when it was sent and which it is, found in a frame without parsing it. */
const MARK = Buffer.from('@t');
const LENGTH = 27;
const filler = 'the quick brown fox jumps over the lazy dog '.repeat(7);

/** A message of 300 characters. `sent`: µs of a clock that only grows. */
export function stampedText(number: number, sent: number): string {
  return `@t${String(sent).padStart(16, '0')}s${String(number).padStart(8, '0')} ${filler}`.slice(0, 300);
}

/** Calls `found` for every stamp in the bytes. */
export function findStamps(bytes: Buffer, found: (number: number, sent: number) => void): void {
  for (
    let at = bytes.indexOf(MARK);
    at >= 0 && at + LENGTH <= bytes.length;
    at = bytes.indexOf(MARK, at + LENGTH)
  ) {
    found(digits(bytes, at + 19, 8), digits(bytes, at + 2, 16));
  }
}

function digits(bytes: Buffer, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) value = value * 10 + (bytes[at]! - 48);
  return value;
}
