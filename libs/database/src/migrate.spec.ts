import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { freshDatabase, startChild } from '../testing/index.ts';
import { shopSchema } from '../testing/fixtures/shop-schema.ts';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Database } from './database.ts';
import { migrate, pendingMigrations, schemaVersion } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { systemClock } from '@yixian/contracts';
import type { SchemaPart } from './schema-part.ts';

class BreakShop1700000000003 implements MigrationInterface {
  readonly name = 'BreakShop1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table shop.half (id int)');
    await runner.query('select nonsense');
  }

  async down(): Promise<void> {}
}

class LookAround1700000000004 implements MigrationInterface {
  static seen: unknown;
  static answerTimeout: unknown;
  readonly name = 'LookAround1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    LookAround1700000000004.seen = await runner.query('show statement_timeout');
    const client = (await runner.connect()) as { connectionParameters: { query_timeout?: number } };
    LookAround1700000000004.answerTimeout = client.connectionParameters.query_timeout;
  }

  async down(): Promise<void> {}
}

const both = ['CreateShop1700000000001', 'AddSentAt1700000000002'];

// Processes are started, also on busy machines.
jest.setTimeout(30_000);

describe('migrating', () => {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  /** An empty database, opened with the given schema. */
  async function emptyDatabase(...parts: SchemaPart[]): Promise<Database> {
    const empty = await freshDatabase({ parts: [] });
    opened.push(() => empty.close());
    const database = await openDatabase({ url: empty.url, dataDir: '', parts, clock: systemClock });
    opened.push(() => database.close());
    return database;
  }

  it('runs what is missing, once', async () => {
    const database = await emptyDatabase(shopSchema, shopSchema);
    expect(await pendingMigrations(database)).toEqual(both);
    expect(await schemaVersion(database)).toBeNull();
    expect(await migrate(database)).toEqual(both);
    expect(await pendingMigrations(database)).toEqual([]);
    expect(await schemaVersion(database)).toBe('AddSentAt1700000000002');
    expect(await migrate(database)).toEqual([]);
  });

  it('is done by one of three processes that start at once', async () => {
    const database = await emptyDatabase(shopSchema);
    const fixture = join(import.meta.dirname, '../testing/fixtures/migrate.ts');
    const children = await Promise.all([1, 2, 3].map(() => startChild(fixture, { args: [database.url] })));
    const ran = await Promise.all(children.map((child) => child.said('ran')));
    expect(ran.sort()).toEqual(['', '', both.join(' ')]);
    expect(await Promise.all(children.map((child) => child.exit()))).toEqual(
      children.map(() => ({ code: 0, signal: null })),
    );
    expect(await pendingMigrations(database)).toEqual([]);
  });

  it('rolls a migration back that fails, and keeps those before it', async () => {
    const broken = { entities: [], migrations: [BreakShop1700000000003] };
    const database = await emptyDatabase(shopSchema, broken);
    await expect(migrate(database)).rejects.toMatchObject({ code: 'migration_failed', retryable: false });
    expect(await schemaVersion(database)).toBe('AddSentAt1700000000002');
    expect(await database.query(`select to_regclass('shop.half')::text as half`)).toEqual([{ half: null }]);
    expect(await pendingMigrations(database)).toEqual(['BreakShop1700000000003']);
  });

  it('gives up on another process that holds the lock', async () => {
    const database = await emptyDatabase(shopSchema);
    await database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(7239104551)');
      await expect(migrate(database, { lockWait: 100 })).rejects.toMatchObject({
        code: 'migration_locked',
        retryable: true,
      });
    });
    expect(await migrate(database)).toEqual(both);
  });

  it('gives each statement the time it needs', async () => {
    const database = await emptyDatabase(shopSchema, { entities: [], migrations: [LookAround1700000000004] });
    await migrate(database);
    expect(LookAround1700000000004.seen).toEqual([{ statement_timeout: '0' }]);
    expect(LookAround1700000000004.answerTimeout).toBeFalsy();
    expect(await database.query('show statement_timeout')).toEqual([{ statement_timeout: '30s' }]);
  });
});
