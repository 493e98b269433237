/** The one source of time. Nothing else reads the clock or arms a timer, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since 1970, as the wall shows them. May jump. */
  now(): number;
  /** Milliseconds that only ever grow; for measuring, never for storing. */
  monotonic(): number;
  /** Runs `work` once, `ms` from now, unless cancelled. Does not keep the process alive. */
  after(ms: number, work: () => void): Cancel;
}

export type Cancel = () => void;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer);
  },
};

/** Resolves `ms` later by the given clock, or at once when `signal` aborts. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** Resolves when `work` has ended, or `ms` later without it; then it goes on by itself. Rejects when it does before. */
export async function waitAtMost(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([work, pause(clock, ms, ended.signal)]);
  } finally {
    ended.abort();
  }
}

/** The moment as RFC 3339 with milliseconds, in UTC. */
export const timestamp = (clock: Clock): string => new Date(clock.now()).toISOString();
