import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const bundles = new Map<string, Promise<string>>();

/** Bundles a TypeScript file into one that Node runs, and gives its path. Inside the checkout, for its packages. */
export function bundled(file: string): Promise<string> {
  const known = bundles.get(file) ?? bundle(file);
  bundles.set(file, known);
  return known;
}

async function bundle(file: string): Promise<string> {
  const output = join(root, '.cache/test-children', `${file.replace(/\W+/g, '-')}.${process.pid}.mjs`);
  // In a process of its own: the bundler does not work inside Jest's sandbox.
  await run(process.execPath, [join(import.meta.dirname, 'bundle.mjs'), file, output], { cwd: root });
  return output;
}

export interface ChildOptions {
  args?: string[];
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  cwd?: string;
}

/** A process of our own code, to be watched and killed. */
export class Child {
  readonly lines: string[] = [];
  private readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private onLine: () => void = () => {};

  constructor(readonly process: ChildProcess) {
    this.ended = once(process, 'close').then(([code, signal]) => {
      this.onLine();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
    for (const stream of [process.stdout!, process.stderr!]) {
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        this.onLine();
      });
    }
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** What follows `word` on the first line that begins with it. Throws when the process ends without one. */
  async said(word: string): Promise<string> {
    for (;;) {
      const line = this.lines.find((said) => said.startsWith(word));
      if (line) return line.slice(word.length).trim();
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`The child ended without saying ${word}:\n${this.lines.join('\n')}`);
      }
      await new Promise<void>((resolve) => {
        this.onLine = resolve;
      });
    }
  }

  /** Sends a signal and waits for the end. */
  async end(
    signal: NodeJS.Signals = 'SIGTERM',
  ): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.process.kill(signal);
    return this.ended;
  }

  /** Waits for the end. */
  exit(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return this.ended;
  }
}

/** Runs a TypeScript file, or a bundle of one, in a process of its own. */
export async function startChild(file: string, options: ChildOptions = {}): Promise<Child> {
  const script = file.endsWith('.ts') ? await bundled(file) : file;
  const { args = [], env = {}, ...rest } = options;
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', ...env },
    ...rest,
  });
  return new Child(child);
}
