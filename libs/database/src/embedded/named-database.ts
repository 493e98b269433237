import pg from 'pg';
import { pause, systemClock } from '@yixian/contracts';
import { asDatabaseError, DatabaseError } from '../database-error.ts';
import { awake } from './awake.ts';
import type { EmbeddedServer } from './embedded-server.ts';

const UNDEFINED_DATABASE = '3D000';
const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';

/** A server that was just stopping when we came is started again within this, in ms. */
const PATIENCE = 10_000;
/** Only a server that hangs takes this long, in ms: a busy machine is given time. */
const CONNECT_TIMEOUT = 30_000;

/** Makes the database of that name on an embedded server unless it is there, and gives its URL. */
export function namedDatabase(server: EmbeddedServer, name: string): Promise<string> {
  const until = systemClock.monotonic() + PATIENCE;
  return awake(async () => {
    for (;;) {
      try {
        return await ensureDatabase(server, name);
      } catch (error) {
        const passing = error instanceof DatabaseError && error.retryable;
        if (!passing || systemClock.monotonic() > until) throw error;
        await pause(systemClock, 50);
      }
    }
  });
}

async function ensureDatabase(server: EmbeddedServer, name: string): Promise<string> {
  const url = server.url(name);
  try {
    await once(url, 'select 1');
  } catch (error) {
    if ((error as { code?: string }).code !== UNDEFINED_DATABASE) throw asDatabaseError(error);
    await once(server.url('postgres'), `create database "${name}"`).catch((refused: { code?: string }) => {
      const wasThere = refused.code === DUPLICATE_DATABASE || refused.code === UNIQUE_VIOLATION;
      if (!wasThere) throw asDatabaseError(refused);
    });
  }
  return url;
}

/** One statement on a connection of its own. */
export async function once(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT });
  // What breaks after the answer does not concern us.
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
