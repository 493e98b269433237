// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `
create schema if not exists hub;

create table hub.account (
  id text primary key,
  channel text not null,
  name text not null,
  settings jsonb not null,
  enabled boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  removed_at timestamptz
);
`;

export class Accounts1795305702000 implements MigrationInterface {
  readonly name = 'Accounts1795305702000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
