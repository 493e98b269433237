import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@yixian/contracts/testing';
import { Child } from '@yixian/database/testing';

export const root = join(import.meta.dirname, '../../..');

/** A port that was free a moment ago. A server that is killed comes back on the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** One app as ops run it: the built bundle in a process of its own. */
export class RunningProcess {
  private child: Child | undefined;

  constructor(
    private readonly entry: string,
    private readonly env: Record<string, string>,
  ) {}

  get output(): string[] {
    return this.child?.lines ?? [];
  }

  /** Resolves once it takes requests. */
  async start(): Promise<void> {
    const script = join(root, 'dist/apps', this.entry);
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        HOST: '127.0.0.1',
        ...this.env,
      } as NodeJS.ProcessEnv,
    });
    this.child = new Child(child);
    const ready = `http://127.0.0.1:${this.env.INTERNAL_PORT}/readyz`;
    const isReady = async () => child.exitCode !== null || (await fetch(ready)).ok;
    await eventually(isReady, 60_000);
    if (child.exitCode !== null) throw new Error(`${this.entry} ended:\n${this.output.join('\n')}`);
  }

  /** kill -9. */
  async crash(): Promise<void> {
    await this.child?.end('SIGKILL');
  }

  /** SIGTERM; gives the exit code. */
  async stop(): Promise<number | null> {
    return (await this.child?.end('SIGTERM'))?.code ?? null;
  }
}
