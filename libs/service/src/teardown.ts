import { waitAtMost } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import type { Logger } from 'pino';

interface Step {
  name: string;
  undo(): void | Promise<void>;
  by: number;
}

export interface StepOptions {
  /**
   * When the next step begins though this one has not ended, as a share of the time there is: what one step waits for
   * may be what a later one ends. Default 1: only the deadline goes on without it.
   */
  by?: number;
}

/** How to undo what a process has built up so far: the last first, each step even when one before it failed. */
export class Teardown {
  private readonly steps: Step[] = [];
  private running: Promise<boolean> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  add(name: string, undo: () => void | Promise<void>, { by = 1 }: StepOptions = {}): void {
    this.steps.push({ name, undo, by });
  }

  /** True when all was undone within `deadline` ms. The second call joins the first. */
  run(deadline: number): Promise<boolean> {
    this.running ??= this.within(deadline);
    return this.running;
  }

  private async within(deadline: number): Promise<boolean> {
    const unfinished = new Set<string>();
    const late = new Promise<boolean>((resolve) => {
      this.clock.after(deadline, () => resolve(false));
    });
    const inTime = await Promise.race([this.undoAll(deadline, unfinished).then(() => true), late]);
    if (!inTime)
      this.log.warn(
        { step: [...unfinished].join(', '), deadline },
        'Stopping took too long; leaving the rest.',
      );
    return inTime;
  }

  private async undoAll(deadline: number, unfinished: Set<string>): Promise<void> {
    const from = this.clock.monotonic();
    const begun: Promise<void>[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const { name, by } = step;
      unfinished.add(name);
      const done = this.undo(step).then(() => void unfinished.delete(name));
      begun.push(done);
      await waitAtMost(this.clock, Math.max(0, from + by * deadline - this.clock.monotonic()), done);
      if (unfinished.has(name))
        this.log.warn({ step: name }, 'A step of stopping takes long; the next begins.');
    }
    await Promise.all(begun);
  }

  private async undo(step: Step): Promise<void> {
    try {
      await step.undo();
    } catch (error) {
      this.log.warn({ err: error, step: step.name }, 'A step of stopping failed.');
    }
  }
}
