import type { Clock } from '@yixian/contracts';
import type { Logger } from 'pino';

interface Step {
  name: string;
  undo(): void | Promise<void>;
}

/** How to undo what a process has built up so far: the last first, each step even when one before it failed. */
export class Teardown {
  private readonly steps: Step[] = [];
  private running: Promise<boolean> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  add(name: string, undo: () => void | Promise<void>): void {
    this.steps.push({ name, undo });
  }

  /** True when all was undone within `deadline` ms. The second call joins the first. */
  run(deadline: number): Promise<boolean> {
    this.running ??= this.within(deadline);
    return this.running;
  }

  private async within(deadline: number): Promise<boolean> {
    let at = '';
    const late = new Promise<boolean>((resolve) => {
      this.clock.after(deadline, () => resolve(false));
    });
    const inTime = await Promise.race([this.undoAll((name) => (at = name)).then(() => true), late]);
    if (!inTime) this.log.warn({ step: at, deadline }, 'Stopping took too long; leaving the rest.');
    return inTime;
  }

  private async undoAll(begin: (name: string) => void): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      begin(step.name);
      try {
        await step.undo();
      } catch (error) {
        this.log.warn({ err: error, step: step.name }, 'A step of stopping failed.');
      }
    }
  }
}
