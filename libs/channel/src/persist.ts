import { pause } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';

const FIRST_MS = 50;
const LONGEST_MS = 3_000;

/**
 * Does `work` until it succeeds: what failed and may be tried again (`retryable`) is, with growing pauses, until
 * `signal` aborts. Throws the last error then, and every other error at once.
 */
export async function persist<T>(
  work: () => Promise<T>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
) {
  for (let ms = FIRST_MS; ; ms = Math.min(ms * 2, LONGEST_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || signal.aborted) throw error;
    }
    await pause(clock, ms, signal);
  }
}

/** Whether an error says of itself that trying again may help. */
export function isRetryable(error: unknown): boolean {
  return (error as { retryable?: unknown } | null)?.retryable === true;
}
