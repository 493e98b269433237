import { writeHeapSnapshot } from 'node:v8';

/** What a process that was started with {@link HEAP_FLAGS} is asked. */
export interface HeapQuestion {
  /** Where to leave a heap snapshot; without one, none. */
  snapshot?: string;
}

export const HEAP_FLAGS = ['--expose-gc'];

declare const gc: () => void;

/**
 * Bytes that are held, by objects and buffers, once all garbage is gone. Twice, since what the first collection has
 * found to be garbage may have held more.
 */
export async function retained({ snapshot }: HeapQuestion = {}): Promise<number> {
  for (let round = 0; round < 2; round++) {
    gc();
    await new Promise(setImmediate);
  }
  if (snapshot) writeHeapSnapshot(snapshot);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
