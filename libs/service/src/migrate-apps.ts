import { systemClock } from '@yixian/contracts';
import type { Logger } from 'pino';
import type { App } from './app.ts';
import { openProcessBus, openProcessDatabase, prepareSchema } from './open-parts.ts';
import type { Environment } from './settings/settings.ts';
import { readSettings } from './settings/settings.ts';

/** The migration job: brings the schema up to date, creates the topics, and is done. May be run any number of times. */
export async function migrateApps(
  apps: App[],
  { env, log }: { env: Environment; log: Logger },
): Promise<void> {
  const { service } = readSettings(apps, env);
  const around = {
    apps,
    name: 'migrate',
    clock: systemClock,
    log,
    settings: { ...service, MIGRATE: 'start' as const },
  };
  const database = await openProcessDatabase(around);
  try {
    await prepareSchema(database, around);
    const bus = await openProcessBus(around, database, (error) =>
      log.error({ err: error }, 'The bus crashed.'),
    );
    await bus.close();
  } finally {
    await database.close();
  }
  log.info('The database and the topics are up to date.');
}
