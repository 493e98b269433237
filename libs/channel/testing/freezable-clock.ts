import { systemClock } from '@yixian/contracts';
import type { Cancel, Clock } from '@yixian/contracts';

/** The system's clock in a process that can be frozen: its timers stand still, and all that fell due runs at the thaw. */
export class FreezableClock implements Clock {
  private frozen = false;
  private due: (() => void)[] = [];

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  after(ms: number, work: () => void): Cancel {
    return systemClock.after(ms, () => {
      if (this.frozen) this.due.push(work);
      else work();
    });
  }

  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = false;
    for (const work of this.due.splice(0)) work();
  }
}
