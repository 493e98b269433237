import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process that answers each order it is given with one message. */
export class Child<Order extends object, Answer extends object> {
  private readonly process: ChildProcess;

  constructor(script: string, flags: string[] = []) {
    this.process = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: flags });
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** Throws in words when the child could not do it. */
  async obey(order: Order): Promise<Answer> {
    this.process.send(order);
    const [answer] = (await once(this.process, 'message')) as [Answer & { problem?: string }];
    if (answer.problem) throw new Error(answer.problem);
    return answer;
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, 'exit');
    this.process.disconnect();
    await gone;
  }
}

/** The other side: in the child. */
export function obeying<Order, Answer extends object>(obey: (order: Order) => Promise<Answer>): void {
  process.on('message', (order: Order) => {
    void obey(order).then(
      (answer) => process.send!(answer),
      (error: Error) => process.send!({ problem: error.stack ?? error.message }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}
