import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { pause, systemClock } from '@yixian/contracts';

/** An app that was told to stop is gone by then, in ms. */
const STOPS_WITHIN = 30_000;
const STARTS_WITHIN = 90_000;

/** One app as it is run in production: the built bundle in a process of its own. Its log is kept in a file. */
export class AppProcess {
  private child: ChildProcess | undefined;
  private wanted = false;

  constructor(
    readonly name: string,
    private readonly of: {
      script: string;
      env: Record<string, string>;
      log: string;
      /** It ended without being told to, or did not when it was. */
      onWrong: (who: string, says: string) => void;
    },
  ) {}

  /** Starts it; {@link ready} says when it serves. */
  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    const log = openSync(this.of.log, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', this.of.script], {
      stdio: ['ignore', log, log],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.of.env },
    });
    closeSync(log);
    this.child = child;
    child.once('exit', (code, signal) => {
      if (this.child !== child || !this.wanted) return;
      this.wanted = false;
      this.of.onWrong(this.name, `ended by itself (${code ?? signal}):\n${this.lastWords()}`);
      this.start();
    });
  }

  /** Resolves once it takes requests. */
  async ready(): Promise<void> {
    const until = systemClock.monotonic() + STARTS_WITHIN;
    while (systemClock.monotonic() < until) {
      if (await this.isReady()) return;
      await pause(systemClock, 100);
    }
    throw new Error(`${this.name} is not ready after ${STARTS_WITHIN / 1000} s:\n${this.lastWords()}`);
  }

  async isReady(): Promise<boolean> {
    const url = `http://127.0.0.1:${this.of.env.INTERNAL_PORT}/readyz`;
    return fetch(url, { signal: AbortSignal.timeout(3000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM. What does not stop in time is killed and told of. */
  async stop(): Promise<void> {
    const { child } = this;
    const cancel = systemClock.after(STOPS_WITHIN, () => {
      this.of.onWrong(this.name, `did not stop within ${STOPS_WITHIN / 1000} s`);
      child?.kill('SIGKILL');
    });
    await this.end('SIGTERM');
    cancel();
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  get isRunning(): boolean {
    return this.wanted;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!this.wanted || !child) return;
    this.wanted = false;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  private lastWords(): string {
    return readFileSync(this.of.log, 'utf8').split('\n').slice(-12).join('\n');
  }
}
