import { createHash } from 'node:crypto';
import { systemClock } from '@yixian/contracts';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { silent } from '../src/database-log.ts';
import { Database } from '../src/database.ts';
import type { EmbeddedServer } from '../src/embedded/embedded-server.ts';
import { migrate } from '../src/migrate.ts';
import { listed } from '../src/schema-part.ts';
import type { SchemaPart } from '../src/schema-part.ts';

/** Processes take turns to make a template at this advisory lock. */
const TEMPLATE_LOCK = 4_120_077_003;
/** Templates of older migrations that are kept. */
const KEPT_TEMPLATES = 20;
/** A test database older than this was left by a run that was killed, in minutes. */
const LEFT_BEHIND = 60;

/** The name of a database that has the schema of `parts` and no rows. Made on first use. */
export async function templateFor(server: EmbeddedServer, parts: SchemaPart[]): Promise<string> {
  const name = `template_${await digestOf(parts)}`;
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  admin.on('error', () => {});
  await admin.connect();
  try {
    if (await isTemplate(admin, name)) return name;
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    if (!(await isTemplate(admin, name))) await make(admin, server, parts, name);
    return name;
  } finally {
    await admin.end();
  }
}

/** Changes when a migration is added, renamed or edited: the statements it sends count, wherever their text stands. */
async function digestOf(parts: SchemaPart[]): Promise<string> {
  const hash = createHash('sha256');
  const runner = {
    query: async (sql: string): Promise<never[]> => {
      hash.update(sql);
      return [];
    },
  };
  for (const migration of parts.flatMap((part) => listed(part.migrations))) {
    hash.update(String(migration));
    await new (migration as new () => MigrationInterface)().up(runner as unknown as QueryRunner);
  }
  return hash.digest('hex').slice(0, 16);
}

async function isTemplate(admin: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1 and datistemplate', [
    name,
  ]);
  return rowCount === 1;
}

async function make(
  admin: pg.Client,
  server: EmbeddedServer,
  parts: SchemaPart[],
  name: string,
): Promise<void> {
  await cleanUp(admin);
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`create database ${name}`);
  const url = server.url(name);
  const database = await new Database({
    url,
    parts,
    clock: systemClock,
    log: silent,
    poolSize: 1,
    name,
  }).open();
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
  // Only now: what carries this mark is whole.
  await admin.query(`alter database ${name} is_template true`);
}

async function cleanUp(admin: pg.Client): Promise<void> {
  const oldest = Math.floor(systemClock.now() / 60_000) - LEFT_BEHIND;
  const { rows } = await admin.query<{ datname: string; datistemplate: boolean }>(
    `select datname, datistemplate from pg_database where datname like 'test\\_%' or datname like 'template\\_%'
     order by oid desc`,
  );
  const templates = rows.filter(({ datistemplate }) => datistemplate).slice(KEPT_TEMPLATES);
  const left = rows.filter(({ datname }) => Number(/^test_(\d+)_/.exec(datname)?.[1]) < oldest);
  for (const { datname } of templates) await admin.query(`alter database ${datname} is_template false`);
  for (const { datname } of [...templates, ...left]) {
    await admin.query(`drop database if exists ${datname} with (force)`);
  }
}
