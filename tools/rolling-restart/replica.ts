import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { systemClock } from '@yixian/contracts';
import type { Backend } from './balancer.ts';

/** How a process that was told to stop ended. */
export interface Stopped {
  /** From SIGTERM to its end. */
  seconds: number;
  /** The exit code, or the signal that ended it. */
  with: number | NodeJS.Signals;
}

/** One replica of a service, as it is run in production: the built bundle in a process of its own, on free ports. */
export class Replica {
  private child: ChildProcess | undefined;

  constructor(
    readonly name: string,
    private readonly of: {
      script: string;
      env: Record<string, string>;
      log: string;
      /** It ended without being told to. */
      onWrong: (who: string, says: string) => void;
    },
  ) {}

  /** Starts it. Resolves with where it listens; whether it is ready, `/readyz` says. */
  async start(): Promise<Backend> {
    const child = spawn(process.execPath, ['--enable-source-maps', this.of.script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.of.env, PORT: '0', INTERNAL_PORT: '0' },
    });
    this.child = child;
    const log = createWriteStream(this.of.log, { flags: 'a' });
    for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
    const lines = createInterface(child.stdout);
    return new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        if (line.includes('Listening.')) resolve({ name: this.name, ...addressesIn(line) });
      });
      child.once('exit', (code, signal) => {
        const says = `ended by itself (${code ?? signal}), see ${this.of.log}`;
        if (this.child === child) this.of.onWrong(this.name, says);
        reject(new Error(`${this.name} ${says}`));
      });
    });
  }

  /** SIGTERM, and the end. */
  async stop(): Promise<Stopped> {
    const { child } = this;
    if (!child) throw new Error(`${this.name} does not run.`);
    this.child = undefined;
    const from = systemClock.monotonic();
    const gone = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill('SIGTERM');
    const [code, signal] = await gone;
    return { seconds: (systemClock.monotonic() - from) / 1000, with: code ?? signal! };
  }

  kill(): void {
    const { child } = this;
    this.child = undefined;
    child?.kill('SIGKILL');
  }
}

function addressesIn(line: string): Omit<Backend, 'name'> {
  const { url, internalUrl } = JSON.parse(line) as { url: string; internalUrl: string };
  return { port: Number(new URL(url).port), readyUrl: `${internalUrl}/readyz` };
}
