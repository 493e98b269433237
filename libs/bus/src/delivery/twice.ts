import { failureOf } from './failure.ts';

/** Tries a second time what failed in passing: the first try may have met a connection that broke while it was idle. */
export async function twice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (failureOf(error) !== 'passing') throw error;
    return work();
  }
}
