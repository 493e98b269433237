import type { Cancel, Clock } from '@yixian/contracts';

/**
 * Gathers what comes close together: the first goes at once, all that comes within the window after it goes in one.
 * A frame costs the same with one event as with twenty (16 µs through Socket.IO, measured).
 */
export class Coalescer<T> {
  private waiting: T[] = [];
  private window: Cancel | undefined;

  constructor(
    private readonly clock: Clock,
    /** How long to gather after a round whose `flush` took so long, both in ms. */
    private readonly windowAfter: (spentMs: number) => number,
    private readonly flush: (items: T[]) => void,
  ) {}

  add(items: readonly T[]): void {
    if (items.length === 0) return;
    this.waiting.push(...items);
    if (!this.window) this.go();
  }

  stop(): void {
    this.window?.();
    this.window = undefined;
    this.waiting = [];
  }

  private go(): void {
    const items = this.waiting;
    this.waiting = [];
    // Held while it is flushed too: what that brings about belongs to the next round.
    this.window = () => {};
    const from = this.clock.monotonic();
    this.flush(items);
    this.window = this.clock.after(this.windowAfter(this.clock.monotonic() - from), () => {
      this.window = undefined;
      if (this.waiting.length > 0) this.go();
    });
  }
}
