export interface Backoff {
  /** Before the second attempt, in ms. */
  first: number;
  /** Never longer than this, in ms. */
  longest: number;
}

/** How long to wait after the given number of failed attempts: doubled each time, with up to half taken off by chance. */
export function waitAfter(attempts: number, { first, longest }: Backoff): number {
  const whole = Math.min(longest, first * 2 ** Math.min(attempts - 1, 30));
  return Math.round(whole * (1 - Math.random() / 2));
}
