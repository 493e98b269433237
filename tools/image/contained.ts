import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { pause, systemClock } from '@yixian/contracts';

/** The files of an image, as `container.mjs` has them. */
export interface Container {
  config: {
    User: string;
    Labels: Record<string, string>;
    Cmd: string[];
    Entrypoint: string[];
    Healthcheck?: object;
  };
  root: string;
  start(args?: string[], env?: Record<string, string>): ChildProcess;
  healthcheck(env: Record<string, string>): ChildProcess;
  exec(command: string[], env?: Record<string, string>): ChildProcess;
}

const ANSWERS_WITHIN = 60_000;

/** A process in a container, and what it printed. */
export class Contained {
  private readonly printed: Buffer[] = [];

  constructor(readonly process: ChildProcess) {
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (bytes: Buffer) => this.printed.push(bytes));
  }

  get text(): string {
    return Buffer.concat(this.printed).toString();
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Its exit code. */
  async ended(): Promise<number | null> {
    if (this.isRunning) await once(this.process, 'exit');
    return this.process.exitCode;
  }

  /** The status that `/readyz` answers with, once it is `status`. Throws with what it printed when it never is. */
  async answers(port: number, status: number): Promise<void> {
    const until = systemClock.monotonic() + ANSWERS_WITHIN;
    for (let last = 'nothing'; ; await pause(systemClock, 100)) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
        signal: AbortSignal.timeout(4000),
      }).catch(() => undefined);
      if (answer) last = `${answer.status} ${await answer.text()}`;
      if (answer?.status === status) return;
      if (!this.isRunning || systemClock.monotonic() > until)
        throw new Error(
          `/readyz said ${last} in place of ${status}; the process said:\n${this.text.slice(-1500)}`,
        );
    }
  }

  /** What the kernel says of it: its line `name` in /proc/…/status. */
  async status(name: string): Promise<string> {
    const text = await readFile(`/proc/${this.process.pid}/status`, 'utf8');
    return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)![1]!.trim();
  }

  /** How its root is mounted: `ro` or `rw` first. */
  async rootOptions(): Promise<string> {
    const mounts = await readFile(`/proc/${this.process.pid}/mountinfo`, 'utf8');
    return mounts
      .split('\n')
      .map((line) => line.split(' '))
      .find((fields) => fields[4] === '/')![5]!;
  }
}
