import { isDeepStrictEqual } from 'node:util';

/** Throws, with both, when they differ. */
export function equal(got: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(got, wanted))
    throw new Error(`${JSON.stringify(got)} in place of ${JSON.stringify(wanted)}`);
}
