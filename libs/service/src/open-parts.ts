import type { OpenedBus } from '@yixian/bus';
import { openBus } from '@yixian/bus';
import { pause } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import { DatabaseError, migrate, openDatabase, pendingMigrations } from '@yixian/database';
import type { Database, DatabaseLog } from '@yixian/database';
import type { Logger } from 'pino';
import type { App } from './app.ts';
import { schemaOf } from './schema-of.ts';
import type { ServiceSettings } from './settings/service-settings.ts';
import { topicsOf } from './topics-of.ts';

/** A database server that is starting beside us is given this long, in ms. */
const DATABASE_PATIENCE = 60_000;
const ASK_AGAIN = 1_000;

interface Surroundings {
  apps: App[];
  settings: ServiceSettings;
  name: string;
  clock: Clock;
  log: Logger;
}

/** Opens the database of the settings. A server that is not there yet is waited for. */
export async function openProcessDatabase({
  apps,
  settings,
  name,
  clock,
  log,
}: Surroundings): Promise<Database> {
  const until = clock.monotonic() + DATABASE_PATIENCE;
  for (;;) {
    try {
      return await openDatabase({
        url: settings.DATABASE_URL,
        dataDir: settings.DATA_DIR,
        parts: schemaOf(apps),
        clock,
        log: databaseLog(log),
        poolSize: settings.DATABASE_POOL,
        name,
      });
    } catch (error) {
      const passing = error instanceof DatabaseError && error.retryable;
      if (!passing || clock.monotonic() > until) throw error;
      log.warn({ reason: error.message }, 'The database is not there yet.');
      await pause(clock, ASK_AGAIN);
    }
  }
}

/** Brings the schema up to date, or waits until a migration job has. */
export async function prepareSchema(
  database: Database,
  { settings, clock, log }: Surroundings,
): Promise<void> {
  if (settings.MIGRATE === 'start') {
    const ran = await migrate(database);
    if (ran.length > 0) log.info({ migrations: ran }, 'The database was brought up to date.');
    return;
  }
  for (let told = false; ; told = true) {
    const pending = await pendingMigrations(database);
    if (pending.length === 0) return;
    if (!told) log.info({ migrations: pending }, 'Waiting for the migration job.');
    await pause(clock, ASK_AGAIN);
  }
}

/** Opens the bus of the settings: Kafka, or a table of the database. */
export function openProcessBus(
  { apps, settings, name, clock, log }: Surroundings,
  database: Database,
  onCrash: (error: Error) => void,
): Promise<OpenedBus> {
  return openBus({
    brokers: settings.KAFKA_BROKERS,
    database,
    clock,
    log: log.child({ part: 'bus' }),
    source: `/yixian/${name}`,
    topics: topicsOf(apps),
    onCrash,
  });
}

function databaseLog(log: Logger): DatabaseLog {
  const child = log.child({ part: 'database' });
  return (level, message, detail = {}) => child[level](detail, message);
}
