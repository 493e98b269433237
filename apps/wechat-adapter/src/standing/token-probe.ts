import type { Clock } from '@yixian/contracts';

/** The answer is good for so long, in ms: people look every few seconds, and Tencent counts. */
const GOOD_FOR = 30_000;

/** How long Tencent may take for an answer that somebody waits for, in ms. */
export const WHILE_SOMEBODY_LOOKS = 6_000;

/** Whether Tencent takes an account's credentials: asked when somebody looks. */
export class TokenProbe<T> {
  private known: { at: number; outcome: Promise<T> } | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    /** A call that changes nothing. Rejects as Tencent does. */
    private readonly ask: () => Promise<T>,
  ) {}

  /** What Tencent answered, or the error. */
  outcome(): Promise<T> {
    const now = this.clock.now();
    if (!this.known || now - this.known.at > GOOD_FOR) this.known = { at: now, outcome: this.ask() };
    return this.known.outcome;
  }
}
