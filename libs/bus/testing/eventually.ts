import { systemClock, pause } from '@yixian/contracts';

/** Looks again and again while `question` throws or gives false. Fails with its last error. */
export async function eventually<T>(question: () => T | Promise<T>, within = 15_000): Promise<T> {
  const deadline = systemClock.monotonic() + within;
  for (;;) {
    try {
      const answer = await question();
      if (answer !== false) return answer;
      if (systemClock.monotonic() > deadline) throw new Error('It did not become true in time.');
    } catch (error) {
      if (systemClock.monotonic() > deadline) throw error;
    }
    await pause(systemClock, 5);
  }
}
