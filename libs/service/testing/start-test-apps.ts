import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import type { App, Environment, RunningApps } from '../src/index.ts';
import { schemaOf, startApps } from '../src/index.ts';

export interface TestAppsOptions {
  /** Settings over those of a test: free ports, no log, a folder of its own. */
  env?: Environment;
  clock?: Clock;
  /** An open, migrated database instead of a fresh one; `stop()` closes it. */
  database?: Database;
}

/** Starts apps for a test, on a fresh database and free ports. `stop()` removes all they left. */
export async function startTestApps(
  apps: App[],
  options: TestAppsOptions = {},
): Promise<RunningApps & { database: Database }> {
  const folder = await mkdtemp(join(tmpdir(), 'yixian-apps-'));
  const { clock, database = await freshDatabase({ parts: schemaOf(apps), clock }) } = options;
  const env = {
    PORT: '0',
    INTERNAL_PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    DATA_DIR: folder,
    ...options.env,
  };
  const running = await startApps(apps, { env, clock, database });
  return {
    ...running,
    database,
    stop: async (deadline) => {
      const inTime = await running.stop(deadline);
      await rm(folder, { recursive: true, force: true });
      return inTime;
    },
  };
}
