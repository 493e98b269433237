import { MigrationExecutor } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { asDatabaseError, DatabaseError } from './database-error.ts';
import type { Database } from './database.ts';
import { patientSource } from './postgres-pool.ts';

/** All processes that migrate this database meet at this advisory lock. Any number, as long as it never changes. */
const MIGRATION_LOCK = 7_239_104_551;
/** How long to wait for another process that migrates, in ms. */
const LOCK_WAIT = 120_000;

/** Another process held the migration lock for too long. */
export class MigrationLocked extends Error {
  override readonly name = 'MigrationLocked';
  readonly code = 'migration_locked';
  readonly retryable = true;
}

/** A migration failed and was rolled back; those before it stay. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  readonly code = 'migration_failed';
  constructor(
    message: string,
    readonly retryable: boolean,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/**
 * Brings the schema up to date and gives the names of the migrations that were run. Each runs in a transaction of its
 * own. Any number of processes may call this at once: one works, the others wait up to `lockWait` ms, then find
 * nothing to do. Needs a session of its own, so not through a pooler in transaction mode, unless nothing is missing.
 */
export async function migrate(database: Database, options: { lockWait?: number } = {}): Promise<string[]> {
  if ((await pendingMigrations(database)).length === 0) return [];
  const source = patientSource(database.source);
  try {
    await source.initialize();
    const runner = source.createQueryRunner('master');
    await lock(runner, options.lockWait ?? LOCK_WAIT);
    return await run(runner);
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    // The end of its connection gives the lock back.
    if (source.isInitialized) await source.destroy();
  }
}

/** The migrations this code brings and the database has not had, oldest first. Empty: the schema is ready. */
export async function pendingMigrations(database: Database): Promise<string[]> {
  const had = new Set(await migrationsHad(database));
  return database.source.migrations.map(nameOf).filter((name) => !had.has(name));
}

/** The name of the newest migration the database has had, or null in a new one. */
export async function schemaVersion(database: Database): Promise<string | null> {
  return (await migrationsHad(database)).at(-1) ?? null;
}

async function migrationsHad(database: Database): Promise<string[]> {
  const exists = await database.query<{ found: string | null }>(
    `select to_regclass('public.migration')::text as found`,
  );
  if (!exists[0]?.found) return [];
  const rows = await database.query<{ name: string }>('select name from public.migration order by id');
  return rows.map(({ name }) => name);
}

async function lock(runner: QueryRunner, wait: number): Promise<void> {
  await runner.query(`set lock_timeout = ${Math.max(1, Math.round(wait))}`);
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  } catch (error) {
    const known = asDatabaseError(error);
    if (!(known instanceof DatabaseError && known.code === '55P03')) throw known;
    throw new MigrationLocked(
      `Another process has been migrating this database for more than ${Math.round(wait / 1000)} s. ` +
        'Look for it in pg_stat_activity, or try again.',
    );
  }
  // A table that is in use must not hold all others up for longer.
  await runner.query('set lock_timeout = 30000');
  // What a crash takes back is run again, and all that was built on it is gone with it: no migration waits for the disk.
  await runner.query('set synchronous_commit = off');
}

async function run(runner: QueryRunner): Promise<string[]> {
  const executor = new MigrationExecutor(runner.dataSource, runner);
  executor.transaction = 'each';
  try {
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  } catch (error) {
    const known = asDatabaseError(error);
    const retryable = known instanceof DatabaseError && known.retryable;
    throw new MigrationFailed(`A migration failed: ${(known as Error).message}`, retryable, known);
  }
}

const nameOf = (migration: { name?: string; constructor: { name: string } }): string =>
  migration.name ?? migration.constructor.name;
