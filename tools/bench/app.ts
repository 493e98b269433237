import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause, systemClock } from '@yixian/contracts';
import { PROFILES } from './profile.ts';
import { HEAP_FLAGS } from './retained.ts';
import type { HeapQuestion } from './retained.ts';

const STARTS_WITHIN = 60_000;

/** The product, in one process on an embedded database unless told otherwise, built as it is shipped. */
export class StandaloneApp {
  private constructor(
    private readonly child: ChildProcess,
    private readonly apps: string,
    readonly port: number,
    private readonly env: Record<string, string>,
  ) {}

  /** Resolves once it takes requests. */
  static async start({
    apps,
    folder,
    main = 'standalone/main.js',
    settings = {},
    profile = false,
    heapProbe,
  }: StartOptions): Promise<StandaloneApp> {
    const [port, internal] = [await freePort(), await freePort()];
    const env = {
      PATH: process.env.PATH!,
      PORT: `${port}`,
      INTERNAL_PORT: `${internal}`,
      HOST: '127.0.0.1',
      DATA_DIR: folder,
      LOG_LEVEL: 'warn',
      VISITOR_CONNECTS_PER_SECOND: '10000',
      VISITOR_MESSAGES_PER_SECOND: '100000',
      CONNECTIONS_PER_SECOND: '10000',
      ...settings,
    };
    const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`] : [];
    const log = openSync(`${folder}.log`, 'a');
    const probing = heapProbe ? [...HEAP_FLAGS, '--import', heapProbe] : [];
    const child = spawn(process.execPath, [...profiling, ...probing, join(apps, main)], {
      stdio: ['ignore', log, log, ...(heapProbe ? (['ipc'] as const) : [])],
      env: env as unknown as NodeJS.ProcessEnv,
    });
    const app = new StandaloneApp(child, apps, port, env);
    await app.untilReady(`${app.internalUrl}/readyz`);
    return app;
  }

  /** Where it tells of its health and its metrics. */
  get internalUrl(): string {
    return `http://127.0.0.1:${this.env.INTERNAL_PORT}`;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get postgresPid(): number {
    const file = join(this.env.DATA_DIR!, 'postgres/postmaster.pid');
    return Number(readFileSync(file, 'utf8').split('\n')[0]);
  }

  /** Bytes that it holds once all garbage is gone. Of an app that was started with a `heapProbe`. */
  async retained(question: HeapQuestion = {}): Promise<number> {
    this.child.send(question);
    const [{ bytes }] = (await once(this.child, 'message')) as [{ bytes: number }];
    return bytes;
  }

  /** An API token with the role admin. */
  async newToken(): Promise<string> {
    const script = join(this.apps, 'conversation-hub/admin.js');
    const args = [script, 'token', 'create', '--role', 'admin'];
    const env = this.env as unknown as NodeJS.ProcessEnv;
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    return stdout.trim().split(/\s+/).at(-1)!;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }

  private async untilReady(url: string): Promise<void> {
    const until = systemClock.monotonic() + STARTS_WITHIN;
    while (systemClock.monotonic() < until && this.child.exitCode === null) {
      const ready = await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return;
      await pause(systemClock, 5);
    }
    throw new Error(
      `The app does not serve: ${readFileSync(`${this.env.DATA_DIR}.log`, 'utf8').slice(-2000)}`,
    );
  }
}

export interface StartOptions {
  /** The built apps. */
  apps: string;
  /** For its data; may hold that of an earlier start. */
  folder: string;
  /** Which app, when not all of them in one process. */
  main?: string;
  /** Beside those of the bench. */
  settings?: Record<string, string>;
  profile?: boolean;
  /** The bundled `heap-probe`, for {@link StandaloneApp.retained}. */
  heapProbe?: string;
}

/** Of this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
