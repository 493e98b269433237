import { Readable } from 'node:stream';

/** A stream that opens its source when the first byte is asked for, and tells when the last was given. */
export function lazily(
  open: () => Promise<Readable> | Readable,
  onEnd: () => void = () => undefined,
): Readable {
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* (await open()) as AsyncIterable<Buffer>;
    onEnd();
  }
  return Readable.from(bytes(), { objectMode: false });
}
