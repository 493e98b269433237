/** The longest pause between two attempts to connect, in milliseconds. */
const LONGEST = 15_000;

/**
 * How long to wait before attempt `n` (0 is the first retry): doubling from half a second, with up to 30 % of jitter
 * so that a hub that restarts is not met by everybody at once. `random` is in [0, 1).
 */
export function backoff(n: number, random = Math.random()): number {
  const whole = Math.min(LONGEST, 500 * 2 ** Math.min(n, 10));
  return Math.round(whole * (1 - 0.3 * random));
}
