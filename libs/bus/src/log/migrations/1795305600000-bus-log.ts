// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BusLog1795305600000 implements MigrationInterface {
  readonly name = 'BusLog1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(this.tables());
    await runner.query(this.functions());
    await runner.query(this.append());
    await runner.query(this.appendFrom('json'));
    await runner.query(this.appendFrom('jsonb'));
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }

  private tables(): string {
    return `
create schema if not exists bus;

create table bus.topic (
  name text primary key,
  partitions int not null check (partitions > 0),
  cleanup text not null check (cleanup in ('delete', 'compact')),
  retention_ms bigint not null
);

-- The row lock of a partition is what puts offsets in the order of commits. Rows are updated all the time: the free
-- space keeps the updates on their page (HOT).
create table bus.partition (
  topic text not null references bus.topic,
  partition int not null,
  next_offset bigint not null default 0,
  primary key (topic, partition)
) with (fillfactor = 20);

-- Values lie in the row as they are up to 8 KB: to compress one took longer than to write it.
create table bus.log (
  topic text not null,
  partition int not null,
  "offset" bigint not null,
  at timestamptz not null,
  key text not null,
  headers json not null,
  value text,
  primary key (topic, partition, "offset")
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2, toast_tuple_target = 8160);

-- What is to be appended. The value is JSON text; the headers are complete.
create type bus.record as (topic text, key text, headers json, value text);

create table bus.cursor (
  grp text not null,
  topic text not null,
  partition int not null,
  next_offset bigint not null,
  primary key (grp, topic, partition)
) with (fillfactor = 20);

create table bus.dead_letter (
  id bigint generated always as identity primary key,
  topic text not null,
  partition int not null,
  "offset" bigint not null,
  grp text not null,
  key text not null,
  headers json not null,
  value bytea,
  error text not null,
  attempts int not null,
  at timestamptz not null default now(),
  replayed_at timestamptz,
  discarded_at timestamptz,
  unique (topic, partition, "offset", grp)
);

-- A process that is alive says so every second; what it holds is free once it has been silent for some seconds.
create table bus.member (
  id uuid primary key,
  alive_until timestamptz not null
) with (fillfactor = 20);

create table bus.membership (
  member uuid not null references bus.member on delete cascade,
  grp text not null,
  topic text not null,
  primary key (member, grp, topic)
);

create table bus.lease (
  grp text not null,
  topic text not null,
  partition int not null,
  owner uuid not null,
  primary key (grp, topic, partition)
) with (fillfactor = 50);
`;
  }

  private functions(): string {
    return `
-- The hash that partitioned tables use: the same on every server of an architecture, whatever its locale or version.
create function bus.partition_of(key text, partitions int) returns int
language sql immutable parallel safe
return mod(hashtextextended(key collate "C", 0) & 2147483647, partitions)::int;

-- Takes the next offsets of one partition, under the lock of its row, which is held until the transaction ends.
create function bus.take_offsets(of_topic text, of_partition int, how_many int) returns bigint
language plpgsql as $$
declare
  first_offset bigint;
begin
  update bus.partition p set next_offset = p.next_offset + how_many
  where p.topic = of_topic and p.partition = of_partition
  returning p.next_offset - how_many into first_offset;
  if first_offset is null then
    raise exception 'bus: topic % does not exist', of_topic
      using errcode = 'YX002', hint = 'Create it before anything is published to it (ensureTopics).';
  end if;
  return first_offset;
end $$;

-- CloudEvents attributes of an event, and extras beside them.
create function bus.headers_of(value json, extras jsonb) returns json
language sql volatile
return (jsonb_build_object(
  'ce_specversion', '1.0', 'ce_id', coalesce(value->>'id', gen_random_uuid()::text), 'ce_type', value->>'kind',
  'ce_source', '/yixian',
  'ce_time', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'content-type', 'application/json') || coalesce(extras, '{}'))::json;

-- What comes next in each of the given places, with where the partition ends. A place with nothing new gives no row;
-- one whose records were all trimmed, or that ends before it, gives a row without a record. At most "most" records per place, and no more than
-- the one that passes "bytes". The settings keep a plan made for an empty table from living on when it is large.
create function bus.read(topics text[], partitions int[], nexts bigint[], most int, bytes int)
returns table (place int, head bigint, "offset" bigint, key text, headers text, value text, at_ms double precision)
language plpgsql stable
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
#variable_conflict use_column
begin
  return query
  select w.place::int, p.next_offset, l."offset", l.key, l.headers::text, l.value, extract(epoch from l.at)::float8 * 1000
  from unnest(topics, partitions, nexts) with ordinality as w (topic, partition, next, place)
  join bus.partition p on p.topic = w.topic and p.partition = w.partition and p.next_offset <> w.next
  left join lateral (
    select * from (
      select *, sum(coalesce(octet_length(value), 0)) over (order by "offset" rows unbounded preceding)
        - coalesce(octet_length(value), 0) as before
      from (
        select * from bus.log l
        where l.topic = w.topic and l.partition = w.partition and l."offset" >= w.next
        order by l."offset" limit most
      ) newest
    ) measured where before < bytes
  ) l on true
  order by w.place, l."offset";
end $$;

-- Says that a member is alive and what it wants a share of. Gives how many others are alive, who wants a share of the
-- same, and who holds what: {others, members: [[grp, topic, member]], leases: [[grp, topic, partition, owner]]}.
create function bus.beat(of_member uuid, ttl_ms int, grps text[], topics text[]) returns jsonb
language plpgsql as $$
begin
  insert into bus.member values (of_member, clock_timestamp() + ttl_ms * interval '1 ms')
  on conflict (id) do update set alive_until = excluded.alive_until;
  insert into bus.membership select of_member, w.grp, w.topic from unnest(grps, topics) as w (grp, topic)
  on conflict do nothing;
  delete from bus.member where id in (
    select id from bus.member where alive_until < clock_timestamp() - interval '1 minute' for update skip locked);
  return jsonb_build_object(
    'others', (select count(*) from bus.member m where m.alive_until > clock_timestamp() and m.id <> of_member),
    'members', (
      select coalesce(jsonb_agg(jsonb_build_array(s.grp, s.topic, s.member)), '[]')
      from bus.membership s
      join bus.member m on m.id = s.member and m.alive_until > clock_timestamp()
      join unnest(grps, topics) as w (grp, topic) on w.grp = s.grp and w.topic = s.topic),
    'leases', (
      select coalesce(jsonb_agg(jsonb_build_array(l.grp, l.topic, l.partition, l.owner)), '[]')
      from bus.lease l
      join unnest(grps, topics) as w (grp, topic) on w.grp = l.grp and w.topic = l.topic));
end $$;

-- Takes those of the given partitions that no living member of the group holds, and says which.
create function bus.claim(of_member uuid, of_grp text, of_topic text, wanted int[]) returns int[]
language plpgsql as $$
declare
  got int[];
begin
  with taken as (
    insert into bus.lease as l (grp, topic, partition, owner)
    select of_grp, of_topic, w.partition, of_member from unnest(wanted) as w (partition) order by 3
    on conflict (grp, topic, partition) do update set owner = excluded.owner
    where not exists (
      select from bus.member m join bus.membership s on s.member = m.id and s.grp = of_grp and s.topic = of_topic
      where m.id = l.owner and m.id <> of_member and m.alive_until > clock_timestamp())
    returning l.partition
  )
  select array_agg(taken.partition) into got from taken;
  return coalesce(got, '{}');
end $$;

-- Moves a group's cursor from where it is known to stand. Raises YX001 when it stands elsewhere.
create function bus.advance(of_grp text, of_topic text, of_partition int, from_offset bigint, to_offset bigint)
returns void language plpgsql as $$
begin
  if from_offset is null then
    insert into bus.cursor values (of_grp, of_topic, of_partition, to_offset) on conflict do nothing;
  else
    update bus.cursor c set next_offset = to_offset
    where c.grp = of_grp and c.topic = of_topic and c.partition = of_partition and c.next_offset = from_offset;
  end if;
  if not found then
    raise exception 'bus: % on %/% does not stand at %', of_grp, of_topic, of_partition,
      coalesce(from_offset::text, 'its beginning') using errcode = 'YX001';
  end if;
end $$;
`;
  }

  /**
   * All appends of a transaction go in one call: the locks of the partitions are taken in sorted order, so that two
   * transactions never wait for each other in a circle. `ordinals` says which of the records, counted from 1, went to
   * the partition, in order.
   */
  private append(): string {
    return `
create function bus.append(records bus.record[])
returns table (topic text, partition int, first_offset bigint, count int, ordinals int[])
language plpgsql as $$
#variable_conflict use_column
begin
  return query
  with record as materialized (
    select r.topic, bus.partition_of(r.key, t.partitions) as partition, r.key, r.headers, r.value, r.ordinal
    from unnest(records) with ordinality as r (topic, key, headers, value, ordinal)
    left join bus.topic t on t.name = r.topic
  ), taken as materialized (
    select touched.*, bus.take_offsets(touched.topic, touched.partition, touched.count) as first_offset
    from (
      select topic, partition, count(*)::int as count, array_agg(ordinal::int order by ordinal) as ordinals
      from record group by 1, 2 order by 1, 2
    ) touched
  ), written as (
    insert into bus.log (topic, partition, "offset", at, key, headers, value)
    select r.topic, r.partition,
      taken.first_offset - 1 + row_number() over (partition by r.topic, r.partition order by r.ordinal),
      clock_timestamp(), r.key, r.headers, r.value
    from record r join taken on taken.topic = r.topic and taken.partition = r.partition
  )
  select taken.topic, taken.partition, taken.first_offset, taken.count, taken.ordinals from taken;
end $$;
`;
  }

  /**
   * `records`: [{"topic", "key", "headers"?: {…}, "value": {…}}]. Headers that lack `ce_specversion` are added to those
   * made from the value. `json` keeps the value letter by letter and never builds a tree of it; `jsonb` is what SQL
   * functions build.
   */
  private appendFrom(json: 'json' | 'jsonb'): string {
    return `
create function bus.append(records ${json})
returns table (topic text, partition int, first_offset bigint, count int, ordinals int[])
language sql as $$
  select * from bus.append(array(
    select row(r.topic, r.key,
      case when r.headers::text like '%"ce_specversion"%' then r.headers::json
      else bus.headers_of(r.value::json, r.headers::jsonb) end, r.value::text)::bus.record
    from rows from (${json}_to_recordset(records) as (topic text, key text, headers ${json}, value ${json}))
      with ordinality as r (topic, key, headers, value, ordinal)
    order by r.ordinal))
$$;
`;
  }
}
