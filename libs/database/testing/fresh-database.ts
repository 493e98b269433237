import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@yixian/contracts';
import { systemClock } from '@yixian/contracts';
import { silent } from '../src/database-log.ts';
import { Database } from '../src/database.ts';
import { EmbeddedServer } from '../src/embedded/embedded-server.ts';
import { once } from '../src/embedded/named-database.ts';
import type { SchemaPart } from '../src/schema-part.ts';
import { templateFor } from './template.ts';

/** One server for all test files, workers and runs of this checkout. */
const SHARED_SERVER = join(import.meta.dirname, '../../../.cache/test-postgres/data');
/** Seconds it stays when nobody tests. */
const LINGER = 60;
/** Nothing of a test has to survive a power failure. */
const carefree = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '400' };

export interface FreshDatabaseOptions {
  parts: SchemaPart[];
  clock?: Clock;
  /** Most connections at a time (default 10). */
  poolSize?: number;
}

/**
 * A new database with the schema of `parts`, on a real server that all tests share. Cloned from a template that is
 * made once per state of the migrations. `close()` drops it.
 */
export async function freshDatabase(options: FreshDatabaseOptions): Promise<Database> {
  const server = await EmbeddedServer.open({
    folder: SHARED_SERVER,
    log: silent,
    linger: LINGER,
    settings: carefree,
  });
  const name = `test_${Math.floor(systemClock.now() / 60_000)}_${randomUUID().slice(0, 8)}`;
  const template = await templateFor(server, options.parts);
  // Copying files takes a sixth of the time of writing them through the log, which fsync would make dear.
  await once(server.url('postgres'), `create database ${name} template ${template} strategy file_copy`);
  const release = async (): Promise<void> => {
    await once(server.url('postgres'), `drop database if exists ${name} with (force)`);
    await server.release();
  };
  const { parts, clock = systemClock, poolSize = 10 } = options;
  return new Database(
    { url: server.url(name), parts, clock, log: silent, poolSize, name },
    { release },
  ).open();
}
