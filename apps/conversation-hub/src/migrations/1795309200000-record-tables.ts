// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Facts and what is derived from them. Facts: `identity` (but its `contact_id`), `identity_link`, `entry` (but its
 * `contact_id`), `change`, and what an agent gave a contact. All else can be made again from them (`npm run rebuild`).
 *
 * Positions (`ordered_at`, `last_at`, `waiting_since`, `heard_at`) are microseconds since 1970. Foreign keys stand only
 * where rows are written seldom: on the way of a message each one would cost a look-up per row.
 */
const tables = `
create schema if not exists hub;
create extension if not exists pg_trgm;

create table hub.contact (
  id uuid primary key,
  created_at timestamptz not null,
  version int not null default 0,
  -- What an agent wrote; wins over what the channels say.
  given_name text,
  given_attributes jsonb not null default '{}',
  -- Derived from the identities' profiles and the above, by hub.refresh_contact.
  name text,
  avatar_url text,
  locale text,
  attributes jsonb not null default '{}',
  search text not null default ''
);
create index contact_newest on hub.contact (created_at desc, id desc);
create index contact_search on hub.contact using gin (search gin_trgm_ops);

create table hub.identity (
  id uuid primary key,
  contact_id uuid not null references hub.contact,
  conversation_id uuid,
  created_at timestamptz not null,
  verified boolean not null default false,
  channel text not null,
  account text not null,
  address text not null,
  display_name text,
  avatar_url text,
  locale text,
  attributes jsonb not null default '{}',
  claims jsonb not null default '[]',
  -- The verified claims in one form each, to find others who made the same (hub.claim_keys).
  keys text[] not null default '{}',
  unique (channel, account, address)
);
create index identity_contact on hub.identity (contact_id);
create index identity_keys on hub.identity using gin (keys) where keys <> '{}';

create table hub.identity_link (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  identity_id uuid not null references hub.identity,
  from_contact uuid not null references hub.contact,
  to_contact uuid not null references hub.contact,
  undoes uuid references hub.identity_link (id),
  at timestamptz not null,
  act text not null check (act in ('link', 'unlink')),
  by text not null,
  evidence text not null
);
create index identity_link_identity on hub.identity_link (identity_id, position);

create table hub.identity_conflict (
  id uuid primary key,
  identity_id uuid not null references hub.identity,
  other_contact_id uuid not null references hub.contact,
  at timestamptz not null,
  resolved_at timestamptz,
  claim text not null
);
create index identity_conflict_identity on hub.identity_conflict (identity_id);
create index identity_conflict_other on hub.identity_conflict (other_contact_id);

-- Updated with every message: the free space keeps an update on its page.
create table hub.conversation (
  id uuid primary key,
  identity_id uuid not null,
  contact_id uuid not null,
  assignee_id uuid,
  previous_id uuid,
  created_at timestamptz not null,
  closed_at timestamptz,
  ordered_at bigint not null default 0,
  last_at bigint not null,
  waiting_since bigint,
  heard_at bigint,
  version int not null default 0,
  last_seq int not null default 0,
  unread int not null default 0,
  read_seq int not null default 0,
  channel text not null,
  account text not null,
  address text not null,
  state text not null default 'open',
  assignee_name text,
  preview_kind text,
  preview_direction text,
  preview_text text
) with (fillfactor = 70);
create index conversation_contact on hub.conversation (contact_id);
create index conversation_live on hub.conversation (last_at desc, id desc) where state <> 'closed';
create index conversation_assignee on hub.conversation (assignee_id, last_at desc, id desc) where state <> 'closed';
create index conversation_closed on hub.conversation (last_at desc, id desc) where state = 'closed';

-- Written once, and read as it is: JSON is kept as its text. Only contact_id is ever updated, when an identity moves to another contact.
create table hub.entry (
  conversation_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  ordered_at bigint not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  seq int not null,
  version int not null,
  kind text not null,
  direction text not null,
  channel text not null,
  account text not null,
  native_id text,
  author json not null,
  text text not null,
  payload json not null,
  attachments json not null,
  primary key (conversation_id, seq),
  constraint entry_id unique (id)
);
create index entry_timeline on hub.entry (contact_id, ordered_at desc, id desc);
-- For pages of kinds that are rare among messages.
create index entry_timeline_rare on hub.entry (contact_id, ordered_at desc, id desc) where kind <> 'message';
create unique index entry_survey on hub.entry (conversation_id) where kind = 'survey';

-- Every version of a conversation is either an entry's or has a row here, so that no change is without a trace.
create table hub.change (
  conversation_id uuid not null,
  version int not null,
  kind text not null check (kind in ('delivery', 'read', 'moved')),
  entry_id uuid,
  at timestamptz not null,
  by text not null,
  data jsonb not null,
  primary key (conversation_id, version)
);

create table hub.delivery (
  entry_id uuid primary key,
  conversation_id uuid not null,
  version int not null,
  at timestamptz not null,
  state text not null,
  reason text
) with (fillfactor = 70);

-- Receipts that came before the message they are about.
create table hub.receipt_pending (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  message_id uuid not null,
  recorded_at timestamptz not null,
  receipt jsonb not null
);
create index receipt_pending_message on hub.receipt_pending (message_id);
create index receipt_pending_age on hub.receipt_pending (recorded_at);
`;

export class HubRecordTables1795309200000 implements MigrationInterface {
  readonly name = 'HubRecordTables1795309200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
