import { pause, systemClock } from '@yixian/contracts';

/** Tries `check` until it neither throws nor gives false, at most `within` ms. */
export async function eventually(check: () => unknown, within = 10_000): Promise<void> {
  const until = systemClock.monotonic() + within;
  for (;;) {
    try {
      if ((await check()) !== false) return;
      if (systemClock.monotonic() > until) throw new Error(`Not within ${within} ms: ${check.toString()}`);
    } catch (error) {
      if (systemClock.monotonic() > until) throw error;
    }
    await pause(systemClock, 10);
  }
}
