// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One record by the smallest statements there are: most calls bring one, and the statement for many takes three times as
 * long for it. The planner's setting keeps the few pages of bus.partition from being read whole.
 */
const one = `
create function bus.append_one(of_topic text, key text, headers json, value text,
  out partition int, out first_offset bigint)
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_variable
begin
  select bus.partition_of(append_one.key, t.partitions) into partition from bus.topic t where t.name = of_topic;
  update bus.partition p set next_offset = p.next_offset + 1
    where p.topic = of_topic and p.partition = append_one.partition
    returning p.next_offset - 1 into first_offset;
  if first_offset is null then
    perform bus.take_offsets(of_topic, partition, 1);
  end if;
  insert into bus.log (topic, partition, "offset", at, key, headers, value)
    values (of_topic, partition, first_offset, clock_timestamp(), key, headers, value);
  perform bus.note_appended(of_topic, partition, first_offset, 1);
end $$;
`;

const append = `
alter function bus.append(bus.record[]) rename to append_many;

create function bus.append(records bus.record[])
returns table (topic text, partition int, first_offset bigint, count int, ordinals int[])
language plpgsql as $$
#variable_conflict use_column
declare
  r bus.record;
begin
  if cardinality(records) = 1 then
    r := records[1];
    return query select r.topic, o.partition, o.first_offset, 1, '{1}'::int[]
      from bus.append_one(r.topic, r.key, r.headers, r.value) o;
  else
    for topic, partition, first_offset, count, ordinals in select m.* from bus.append_many(records) m loop
      perform bus.note_appended(topic, partition, first_offset, count);
      return next;
    end loop;
  end if;
end $$;
`;

const appendJson = `
create or replace function bus.append(records json)
returns table (topic text, partition int, first_offset bigint, count int, ordinals int[])
language plpgsql as $$
declare
  single record;
begin
  if json_array_length(records) = 1 then
    select x.topic, x.key, x.headers, x.value into single
      from json_to_record(records->0) as x (topic text, key text, headers json, value json);
    if (single.headers::text like '%"ce_specversion"%') is not true then
      single.headers := bus.headers_of(single.value, single.headers::jsonb);
    end if;
    select o.partition, o.first_offset into partition, first_offset
      from bus.append_one(single.topic, single.key, single.headers, single.value::text) o;
    topic := single.topic;
    count := 1;
    ordinals := '{1}';
    return next;
    return;
  end if;
  return query select a.* from bus.append(array(
    select row(r.topic, r.key,
      case when r.headers::text like '%"ce_specversion"%' then r.headers
      else bus.headers_of(r.value, r.headers::jsonb) end, r.value::text)::bus.record
    from rows from (json_to_recordset(records) as (topic text, key text, headers json, value json))
      with ordinality as r (topic, key, headers, value, ordinal)
    order by r.ordinal)) a;
end $$;
`;

/** So that whoever appended by SQL can hand the records on after the commit without looking for them in the log. */
const appended = `
-- Remembers, until the transaction ends, where it appended.
create function bus.note_appended(of_topic text, of_partition int, first_offset bigint, how_many int) returns void
language plpgsql as $$
begin
  perform set_config('yixian.appended', concat(current_setting('yixian.appended', true),
    of_topic, ' ', of_partition, ' ', first_offset, ' ', how_many, ';'), true);
end $$;

-- What this transaction appended so far, stretch by stretch.
create function bus.appended()
returns table (topic text, partition int, "offset" bigint, key text, headers text, value text)
language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  stretch text;
  place text[];
begin
  foreach stretch in array string_to_array(rtrim(coalesce(current_setting('yixian.appended', true), ''), ';'), ';') loop
    place := string_to_array(stretch, ' ');
    return query
      select l.topic, l.partition, l."offset", l.key, l.headers::text, l.value
      from bus.log l
      where l.topic = place[1] and l.partition = place[2]::int
        and l."offset" >= place[3]::bigint and l."offset" < place[3]::bigint + place[4]::bigint
      order by l."offset";
  end loop;
end $$;
`;

const alone = `
-- Whether no process but one has been on this bus for a minute: a member that fell silent is forgotten after that.
create function bus.is_alone() returns boolean
language sql stable as $$ select not exists (select from bus.member offset 1) $$;
`;

export class QuickAppend1795612800000 implements MigrationInterface {
  readonly name = 'QuickAppend1795612800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [appended, one, append, appendJson, alone]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
