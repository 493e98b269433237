import type { Cancel, Clock } from '../src/clock.ts';

/** A clock that stands still until it is told to go on. */
export class TestClock implements Clock {
  private waiting: { due: number; work: () => void }[] = [];

  constructor(private millis = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.millis;
  }

  monotonic(): number {
    return this.millis;
  }

  after(ms: number, work: () => void): Cancel {
    const timer = { due: this.millis + ms, work };
    this.waiting.push(timer);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== timer);
    };
  }

  /** Moves time on by `ms` and runs, in order, all that falls due on the way. */
  advance(ms: number): void {
    const end = this.millis + ms;
    for (;;) {
      const next = this.waiting.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.waiting = this.waiting.filter((other) => other !== next);
      this.millis = Math.max(this.millis, next.due);
      next.work();
    }
    this.millis = end;
  }
}
