import type { Clock } from '@yixian/contracts';

/**
 * What the server has committed without waiting for the disk is on it within three times `wal_writer_delay`, 0.6 s by
 * default; with a margin, in ms.
 */
const SAFE_AFTER = 2000;
/** Steps closer together than this count as one, in ms. */
const STEP = 100;

/** Where a reader stood a moment before it last got something: what came since, a crash of the server may take back. */
export class Footprints {
  private steps: { at: number; next: number }[];
  private held: number | undefined;

  constructor(
    begin: number,
    private readonly clock: Clock,
  ) {
    this.steps = [{ at: -Infinity, next: begin }];
  }

  /** Everything below `next` was got by now. */
  step(next: number): void {
    const at = this.clock.monotonic();
    const last = this.steps.at(-1)!;
    if (at - last.at < STEP) last.next = next;
    else this.steps.push({ at, next });
    while (this.steps[1] && this.steps[1].at <= at - SAFE_AFTER) this.steps.shift();
  }

  /** The server is out of reach: what is safe now is where to go back to. */
  hold(): void {
    this.held ??= this.steps[0]!.next;
  }

  /** Where to go on from `next`: there, or back where everything is safe if the server was out of reach. */
  goBack(next: number): number {
    if (this.held === undefined) return next;
    const safe = Math.min(next, this.held);
    this.held = undefined;
    this.steps = [{ at: -Infinity, next: safe }];
    return safe;
  }
}
