import { pause, systemClock } from '@yixian/contracts';

/** Looks again and again while `check` throws or gives false. Fails with its last error. */
export async function eventually(check: () => unknown, within = 20_000): Promise<void> {
  const deadline = systemClock.monotonic() + within;
  for (;;) {
    try {
      if ((await check()) !== false) return;
      if (systemClock.monotonic() > deadline) throw new Error('It did not become true in time.');
    } catch (error) {
      if (systemClock.monotonic() > deadline) throw error;
    }
    await pause(systemClock, 10);
  }
}
