// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * As before, with fewer statements: to make one ready to run costs more than to run it once. What is no query is an
 * expression, which PL/pgSQL evaluates without one.
 */
const one = `
create or replace function bus.append_one(of_topic text, key text, headers json, value text,
  out partition int, out first_offset bigint)
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_variable
declare
  noted text;
begin
  update bus.partition p set next_offset = p.next_offset + 1 from bus.topic t
    where t.name = of_topic and p.topic = of_topic and p.partition = bus.partition_of(append_one.key, t.partitions)
    returning p.partition, p.next_offset - 1 into partition, first_offset;
  if not found then
    perform bus.take_offsets(of_topic, 0, 1);
  end if;
  insert into bus.log (topic, partition, "offset", at, key, headers, value)
    values (of_topic, partition, first_offset, clock_timestamp(), key, headers, value);
  noted := set_config('yixian.appended', concat(current_setting('yixian.appended', true),
    of_topic, ' ', partition, ' ', first_offset, ' 1;'), true);
end $$;
`;

const appendJson = `
create or replace function bus.append(records json)
returns table (topic text, partition int, first_offset bigint, count int, ordinals int[])
language plpgsql as $$
declare
  single bus.record;
  place record;
begin
  if json_array_length(records) = 1 then
    single := json_populate_record(null::bus.record, records->0);
    if (single.headers::text like '%"ce_specversion"%') is not true then
      single.headers := bus.headers_of(single.value::json, single.headers::jsonb);
    end if;
    place := bus.append_one(single.topic, single.key, single.headers, single.value);
    topic := single.topic;
    partition := place.partition;
    first_offset := place.first_offset;
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

export class LeanAppend1795623500000 implements MigrationInterface {
  readonly name = 'LeanAppend1795623500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [one, appendJson]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
