import { type Clock, waitAtMost } from '@yixian/contracts';

/**
 * How long, in ms, what was seen in the database counts as known. Whoever commits what others must see, and waits
 * longer than this before anybody hears of it, can be sure that they have.
 */
export const KNOWN_FOR_MS = 200;
/** How long a look that gets no answer is waited for. Then what was known last has to do. */
const PATIENCE_MS = 1500;

/** A look at the database, and all looks before it. Never rejects. */
interface Look {
  since: number;
  done: Promise<void>;
}

/**
 * A view of what other processes commit that is never older than {@link KNOWN_FOR_MS} for whoever asks. It is looked
 * at only when asked for; asked all the time, it is renewed beside and nobody waits.
 */
export class FreshView {
  private asOf = -Infinity;
  private latest: Look | undefined;

  /** `look` must begin to read after it was called. A rejection leaves the view as old as it was. */
  constructor(
    private readonly clock: Clock,
    private readonly look: () => Promise<void>,
  ) {}

  /** Resolves, for callers in their order, once the view holds all that was committed so long before the call. */
  async fresh(): Promise<void> {
    const age = this.clock.monotonic() - this.asOf;
    if (age > KNOWN_FOR_MS) await waitAtMost(this.clock, PATIENCE_MS, this.recent().done);
    else if (age > KNOWN_FOR_MS / 2) this.recent();
  }

  private recent(): Look {
    const now = this.clock.monotonic();
    if (!this.latest || now - this.latest.since > KNOWN_FOR_MS / 2) this.begin(now);
    return this.latest!;
  }

  private begin(since: number): void {
    const before = this.latest?.done;
    const looked = this.look().then(
      () => true,
      () => false,
    );
    const done = Promise.all([looked, before]).then(([seen]) => {
      if (seen) this.asOf = Math.max(since, this.asOf);
      if (this.latest?.done === done) this.latest = undefined;
    });
    this.latest = { since, done };
  }
}
