import { waitAfter } from './backoff.ts';
import type { Failure } from './failure.ts';

/** Whole attempts at a batch that fails for no passing reason, before it is cut in halves. */
export const ATTEMPTS = 3;

const backoff = {
  passing: { first: 100, longest: 15_000 },
  lasting: { first: 50, longest: 1_000 },
};

/** What one partition remembers of its failures from one delivery to the next. */
export class Patience {
  /** Failures in a row, by kind. Only lasting ones use the patience up. */
  private readonly failures = { passing: 0, lasting: 0 };
  /** Below this offset the one event that fails is being looked for: no further whole attempts. */
  private isolateBelow = 0;

  get attempts(): number {
    return this.failures.lasting;
  }

  /** Counts a failure and says how many ms to wait before the next attempt. */
  failed(failure: Exclude<Failure, 'stale'>): number {
    this.failures[failure] += 1;
    return waitAfter(this.failures[failure], backoff[failure]);
  }

  /** Is it time to look for the one event that fails, in the batch that begins at this offset? */
  exhausted(firstOffset: number): boolean {
    return this.failures.lasting >= ATTEMPTS || firstOffset < this.isolateBelow;
  }

  isolate(below: number): void {
    this.isolateBelow = Math.max(this.isolateBelow, below);
  }

  /** Everything below `next` is settled. */
  succeeded(next: number): void {
    this.failures.passing = 0;
    if (next >= this.isolateBelow) this.failures.lasting = 0;
  }

  buried(): void {
    this.failures.passing = this.failures.lasting = 0;
  }
}
