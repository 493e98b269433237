import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Order } from './orders.ts';

/** The process that makes the load, seen from the one that measures. */
export class LoadProcess {
  private readonly child: ChildProcess;

  constructor(script: string) {
    this.child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Throws in words when the load met anything that it should not. */
  async obey(order: Order): Promise<Answer> {
    this.child.send(order);
    const [answer] = (await once(this.child, 'message')) as [Answer];
    if (answer.problem) throw new Error(`The load met a problem: ${answer.problem}`);
    return answer;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
  }
}
