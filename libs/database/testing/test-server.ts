import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@yixian/contracts';
import { pause, systemClock } from '@yixian/contracts';
import { silent } from '../src/database-log.ts';
import { Database } from '../src/database.ts';
import { EmbeddedServer } from '../src/embedded/embedded-server.ts';
import { namedDatabase } from '../src/embedded/named-database.ts';
import { isAlive } from '../src/embedded/postmaster-file.ts';
import { migrate } from '../src/migrate.ts';
import type { SchemaPart } from '../src/schema-part.ts';

/** A server of one's own, durable as in production, to be broken by a test. Call `remove()` at the end. */
export class TestServer {
  private server: EmbeddedServer | undefined;
  private readonly databases: Database[] = [];

  constructor(
    readonly folder: string,
    private readonly settings: Record<string, string>,
  ) {}

  get pid(): number {
    return this.running.pid;
  }

  /** The same at every start. */
  url(database = 'yixian'): string {
    return this.running.url(database);
  }

  /** Starts it, also after {@link stop} or {@link kill}; recovers from the log as PostgreSQL does. */
  async start(): Promise<void> {
    const folder = join(this.folder, 'postgres');
    this.server = await EmbeddedServer.open({ folder, log: silent, settings: this.settings });
    await namedDatabase(this.server, 'yixian');
  }

  /** A clean stop: connections are closed, the checkpoint is written. */
  async stop(): Promise<void> {
    await this.running.release();
  }

  /** kill -9 of the server: nothing is written any more. It stays down until {@link start}. */
  async kill(): Promise<void> {
    const { pid } = this.running;
    process.kill(pid, 'SIGKILL');
    await this.running.leave();
    while (await isAlive(pid)) await pause(systemClock, 2);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Opens and migrates the database `yixian`. It outlives {@link kill} and {@link start}. Closed by {@link remove}. */
  async database(options: { parts: SchemaPart[]; clock?: Clock; poolSize?: number }): Promise<Database> {
    const { parts, clock = systemClock, poolSize = 10 } = options;
    const pool = { url: this.url(), parts, clock, log: silent, poolSize, name: 'test' };
    const database = await new Database(pool).open();
    this.databases.push(database);
    await migrate(database);
    return database;
  }

  /** Closes the databases, stops the server and deletes its data. */
  async remove(): Promise<void> {
    await Promise.allSettled(this.databases.map((database) => database.close()));
    await this.server?.release();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get running(): EmbeddedServer {
    if (!this.server) throw new Error('The test server was not started.');
    return this.server;
  }
}

/** Starts a private server, with `settings` over those of production. */
export async function testServer(options: { settings?: Record<string, string> } = {}): Promise<TestServer> {
  const server = new TestServer(await mkdtemp(join(tmpdir(), 'yixian-test-')), options.settings ?? {});
  await server.start();
  return server;
}
