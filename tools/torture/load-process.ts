import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FromLoad, LoadOrders, ToLoad } from './load-orders.ts';

export type LoadState = Extract<FromLoad, { said: 'state' }>;

/** The process that plays the customers and the agents, seen from the one that breaks things. */
export class LoadProcess {
  state: LoadState | undefined;
  private readonly child: ChildProcess;
  private onReported: () => void = () => {};

  constructor(script: string, orders: LoadOrders, onWrong: (who: string, says: string) => void) {
    this.child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.on('message', (message: FromLoad) => {
      if (message.said === 'state') this.state = message;
      if (message.said === 'wrong') onWrong(message.who, message.says);
      if (message.said === 'reported') this.onReported();
    });
    this.child.once('exit', (code) => code && onWrong('load', `the load itself ended with ${code}`));
    this.tell({ do: 'begin', orders });
  }

  calm(): void {
    this.tell({ do: 'calm' });
  }

  async report(file: string): Promise<void> {
    const reported = new Promise<void>((resolve) => (this.onReported = resolve));
    this.tell({ do: 'report', file });
    await reported;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.tell({ do: 'end' });
    await gone;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private tell(message: ToLoad): void {
    if (this.child.connected) this.child.send(message);
  }
}
