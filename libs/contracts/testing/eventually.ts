import { pause, systemClock } from '../src/clock.ts';

/** Looks again and again while `question` throws or gives false; gives its answer. Fails with its last error. */
export async function eventually<T>(question: () => T | Promise<T>, within = 20_000): Promise<T> {
  const deadline = systemClock.monotonic() + within;
  for (;;) {
    try {
      const answer = await question();
      if (answer !== false) return answer;
      if (systemClock.monotonic() > deadline)
        throw new Error(`Not within ${within} ms: ${question.toString()}`);
    } catch (error) {
      if (systemClock.monotonic() > deadline) throw error;
    }
    await pause(systemClock, 5);
  }
}
