// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
create schema if not exists hub;

create table hub.agent (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  role text not null check (role in ('agent', 'supervisor', 'admin')),
  locale text not null,
  disabled boolean not null default false,
  password_hash text not null,
  created_at timestamptz not null
);

create table hub.agent_session (
  hash text primary key,
  agent_id uuid not null references hub.agent on delete cascade,
  created_at timestamptz not null,
  seen_at timestamptz not null
);
create index agent_session_agent on hub.agent_session (agent_id);
create index agent_session_seen on hub.agent_session (seen_at);

create table hub.api_token (
  id uuid primary key,
  hash text not null unique,
  name text not null,
  role text not null check (role in ('agent', 'supervisor', 'admin')),
  created_by jsonb,
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz
);
`;

export class Agents1795305700000 implements MigrationInterface {
  readonly name = 'Agents1795305700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
