/** How long and how often a message is tried that the channel is sure did not arrive, but may later. */
export interface RetryPolicy {
  firstMs: number;
  longestMs: number;
  attempts: number;
  /** Counted from when the command was taken off the bus. */
  giveUpAfterMs: number;
}

/** Twelve attempts: 1, 2, 4, … 60 s apart, about nine minutes. An agent should know by then that it does not go. */
export const patience: RetryPolicy = {
  firstMs: 1000,
  longestMs: 60_000,
  attempts: 12,
  giveUpAfterMs: 15 * 60_000,
};

/** The pause before the next attempt after `attempts` have failed, or `undefined`: give up. */
export function nextPause(policy: RetryPolicy, attempts: number, ageMs: number): number | undefined {
  const ms = Math.min(policy.firstMs * 2 ** (attempts - 1), policy.longestMs);
  return attempts >= policy.attempts || ageMs + ms > policy.giveUpAfterMs ? undefined : ms;
}
