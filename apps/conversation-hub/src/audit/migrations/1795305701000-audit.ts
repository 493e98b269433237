// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `
create schema if not exists hub;

create table hub.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null
);
create index audit_subject on hub.audit (subject, id desc);
create index audit_action on hub.audit (action, id desc);
`;

export class Audit1795305701000 implements MigrationInterface {
  readonly name = 'Audit1795305701000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
