// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const sending = `
-- Who performs the commands of one partition of an outbound topic. Rows change every second: the free space keeps the
-- updates on their page.
create table channel.lane (
  channel text not null,
  partition int not null,
  owner uuid,
  alive_until timestamptz not null default '-infinity',
  -- The process to which the bus brings this partition now, and until when that is believed.
  wanted_by uuid,
  wanted_until timestamptz not null default '-infinity',
  primary key (channel, partition)
) with (fillfactor = 20);

-- Every command from the moment it was taken off the bus. A message that is found in 'sending' without a living sender
-- may or may not have reached the customer.
create table channel.send_ledger (
  message_id uuid primary key,
  position bigint generated always as identity,
  channel text not null,
  partition int not null,
  account text not null,
  address text not null,
  kind text not null,
  state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'unknown')),
  attempts int not null default 0,
  due_at timestamptz,
  sender uuid,
  native_id text,
  reason text,
  -- Emptied once it is of no use any more.
  command json,
  at timestamptz not null default now(),
  changed_at timestamptz not null default now()
) with (fillfactor = 70);

create index send_ledger_unfinished on channel.send_ledger (channel, partition, position)
  where state in ('queued', 'sending');
create index send_ledger_by_age on channel.send_ledger (at);

-- Renews the lanes a process holds, and takes those that nobody alive holds and nobody else waits for. 'wanted': the
-- bus brings it to another process, so it should be let go. 'taken': it was not ours before.
create function channel.keep_lanes(of_channel text, me uuid, ttl_ms int, lanes int)
returns table (partition int, taken boolean, wanted boolean)
language plpgsql as $$
#variable_conflict use_column
begin
  insert into channel.lane (channel, partition) select of_channel, generate_series(0, lanes - 1) on conflict do nothing;
  return query
  with ours as (
    select l.partition, l.owner is distinct from me as taken,
      l.wanted_by is distinct from me and l.wanted_until > clock_timestamp() as wanted
    from channel.lane l where l.channel = of_channel and (
      l.owner = me
      or (l.owner is null or l.alive_until < clock_timestamp())
        and (l.wanted_by = me or l.wanted_until < clock_timestamp()))
    order by l.partition for update
  ), kept as (
    update channel.lane l set owner = me, alive_until = clock_timestamp() + ttl_ms * interval '1 ms',
      wanted_until = case when ours.wanted then l.wanted_until else '-infinity' end
    from ours where l.channel = of_channel and l.partition = ours.partition
  )
  select ours.partition, ours.taken, ours.wanted from ours;
end $$;
`;

const transcripts = `
create table channel.transcript_head (
  channel text not null,
  account text not null,
  address text not null,
  last_position bigint not null,
  primary key (channel, account, address)
) with (fillfactor = 50);

create table channel.transcript (
  channel text not null,
  account text not null,
  address text not null,
  position bigint not null,
  id uuid not null unique,
  said_by text not null,
  author_name text,
  text text not null,
  attachments json not null,
  payload json not null,
  at timestamptz not null,
  primary key (channel, account, address, position)
);

-- Appends lines [{"id", "account", "address", "saidBy", "authorName", "text", "attachments", "payload", "at"}] in their
-- order; those whose id is there already stay where they are. The lock on a customer's head makes positions dense and
-- puts them in the order of commits. Other processes are told of what was added: NOTIFY is part of the transaction, so
-- they hear of it if and only if it happened.
create function channel.append_transcript(of_channel text, lines json, told_by uuid)
returns table (id uuid, "position" bigint, added boolean)
language plpgsql as $$
#variable_conflict use_column
begin
  insert into channel.transcript_head (channel, account, address, last_position)
  select distinct of_channel, l.account, l.address, 0 from json_to_recordset(lines) as l (account text, address text)
  order by 2, 3 on conflict do nothing;
  perform from channel.transcript_head h
  where h.channel = of_channel
    and (h.account, h.address) in (select l.account, l.address from json_to_recordset(lines) as l (account text, address text))
  order by h.account, h.address for update;

  return query
  with line as materialized (
    select distinct on (l.id) l.*
    from rows from (json_to_recordset(lines) as (id uuid, account text, address text, "saidBy" text, "authorName" text,
      text text, attachments json, payload json, at timestamptz)) with ordinality as l
      (id, account, address, said_by, author_name, text, attachments, payload, at, ordinal)
    order by l.id, l.ordinal
  ), fresh as materialized (
    select l.*, h.last_position + row_number() over (partition by l.account, l.address order by l.ordinal) as position
    from line l
    join channel.transcript_head h on h.channel = of_channel and h.account = l.account and h.address = l.address
    where not exists (select from channel.transcript t where t.id = l.id)
  ), written as (
    insert into channel.transcript (channel, account, address, position, id, said_by, author_name, text, attachments, payload, at)
    select of_channel, f.account, f.address, f.position, f.id, f.said_by, f.author_name, f.text, f.attachments, f.payload, f.at
    from fresh f
  ), moved as (
    update channel.transcript_head h set last_position = f.last
    from (select f.account, f.address, min(f.position) as first, max(f.position) as last from fresh f group by 1, 2) f
    where h.channel = of_channel and h.account = f.account and h.address = f.address
    returning h.account, h.address, f.first, f.last
  ), told as materialized (
    select pg_notify('channel_transcript', json_build_object('by', told_by, 'channel', of_channel,
      'account', m.account, 'address', m.address, 'first', m.first, 'last', m.last)::text) from moved m
  )
  select l.id, coalesce(f.position, t.position), f.id is not null
  from line l left join fresh f on f.id = l.id left join channel.transcript t on t.id = l.id
  where (select count(*) from told) >= 0;
end $$;
`;

const others = `
-- Small state of a channel itself.
create table channel.store (
  channel text not null,
  key text not null,
  value jsonb not null,
  expires_at timestamptz,
  primary key (channel, key)
);
create index store_by_expiry on channel.store (expires_at) where expires_at is not null;

-- What could not be taken in, whole, until somebody has it replayed.
create table channel.quarantine (
  id uuid primary key,
  channel text not null,
  account text,
  native_id text,
  -- 'message': a message that does not fit the contract, as JSON. 'raw': bytes that the channel could not parse.
  form text not null check (form in ('message', 'raw')),
  raw bytea not null,
  why text not null,
  at timestamptz not null,
  -- Set by whoever wants it replayed; a host of the channel does so within seconds.
  replay_wanted boolean not null default false,
  replayed_at timestamptz
);
create index quarantine_waiting on channel.quarantine (channel, at) where replayed_at is null;
`;

export class ChannelHost1795305700000 implements MigrationInterface {
  readonly name = 'ChannelHost1795305700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema if not exists channel');
    await runner.query(sending);
    await runner.query(transcripts);
    await runner.query(others);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
