import { join } from 'node:path';
import type { Clock } from '@yixian/contracts';
import type { DatabaseLog } from './database-log.ts';
import { silent } from './database-log.ts';
import { Database } from './database.ts';
import { EmbeddedServer } from './embedded/embedded-server.ts';
import { namedDatabase } from './embedded/named-database.ts';
import type { SchemaPart } from './schema-part.ts';

export interface OpenDatabaseOptions {
  /** Of a PostgreSQL server (15 or newer). Without it one is run from `dataDir`. */
  url?: string;
  /** The embedded server keeps its data in the folder `postgres` below. */
  dataDir: string;
  parts: SchemaPart[];
  clock: Clock;
  log?: DatabaseLog;
  /** Most connections at a time (default 10). */
  poolSize?: number;
  /** For commands whose statements may take long, such as a rebuild: they are not cut off after 30 s (default false). */
  patient?: boolean;
  /** Shown by the server in `pg_stat_activity` (default `yixian`). */
  name?: string;
}

const DEFAULT_POOL = 10;

/**
 * Opens PostgreSQL: the server of `url`, or an embedded one that is started, or adopted when another process of ours
 * runs it. Does not migrate; see {@link migrate}. Throws {@link DatabaseError} when the server cannot be reached and
 * {@link EmbeddedError} when an embedded one cannot run here.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { parts, clock, log = silent, poolSize = DEFAULT_POOL, name = 'yixian', patient } = options;
  const pool = { parts, clock, log, poolSize, name, patient };
  if (options.url) return new Database({ ...pool, url: options.url }).open();
  const server = await EmbeddedServer.open({ folder: join(options.dataDir, 'postgres'), log });
  try {
    const url = await namedDatabase(server, 'yixian');
    return await new Database({ ...pool, url }, server).open();
  } catch (error) {
    await server.release();
    throw error;
  }
}
