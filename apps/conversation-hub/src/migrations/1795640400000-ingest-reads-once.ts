// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * As before, but that what most batches are, messages alone, is given apart from the runs. To find it in them took six
 * readings of the JSON; now it is read once.
 */
const ingest = `
-- A run of messages, no two with the same id, with what has to be made first.
create function hub.ingest_run(
  messages json, rules jsonb, now bigint, out records bus.record[], out queue_moved boolean
)
language plpgsql as $$
declare
  step record;
begin
  step := hub.ingest_messages(messages, false, rules, now);
  records := step.records;
  queue_moved := step.queue_moved;
  if step.unprepared then
    records := hub.prepare_messages(messages, (rules->>'reopenDays')::int, now);
    step := hub.ingest_messages(messages, true, rules, now);
    records := records || step.records;
    queue_moved := step.queue_moved;
  end if;
end $$;

-- messages: one message as an object, or several of one run as an array; runs: whatever else a batch may be. One of the
-- two is null. partitions, from_offsets, to_offsets: how the group's cursors move, in the order of the partitions.
-- patient: false, it gives up (55P03) when somebody holds for a second what it needs.
create function hub.ingest(
  of_group text, of_topic text, partitions int[], from_offsets bigint[], to_offsets bigint[],
  messages json, runs json, claims boolean, rules jsonb, now bigint, patient boolean,
  out recorded int, out queue_moved boolean
)
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
  run json;
  event jsonb;
  records bus.record[] := '{}';
  step record;
  had text;
begin
  if not patient then
    had := set_config('lock_timeout', '1s', true);
  end if;
  -- First, since the cursor's row lock makes one writer per partition: a zombie waits here, then finds it stale (YX001).
  for i in 1..cardinality(partitions) loop
    perform bus.advance(of_group, of_topic, partitions[i], from_offsets[i], to_offsets[i]);
  end loop;
  -- The log this is read from is the durable copy and the cursor commits with the effect: what a crash takes back is
  -- made again, identically, since every id is derived. Later commits that wait (an agent's reply) flush it too.
  had := set_config('synchronous_commit', 'off', true);
  if json_typeof(messages) = 'object' then
    step := hub.ingest_one(messages, rules, now);
    if step.recorded then
      recorded := 1;
      queue_moved := step.queue_moved;
      return;
    end if;
    messages := json_build_array(messages);
  end if;
  if claims and hub.has_new_claims(coalesce(runs::jsonb,
      jsonb_build_array(jsonb_build_object('messages', messages::jsonb)))) then
    perform hub.lock_links();
  end if;
  if messages is not null then
    step := hub.ingest_run(messages, rules, now);
    recorded := hub.append(step.records);
    queue_moved := step.queue_moved;
    return;
  end if;
  queue_moved := false;
  for run in select r from json_array_elements(runs) r loop
    if run->'messages' is not null then
      step := hub.ingest_run(run->'messages', rules, now);
      records := records || step.records;
      queue_moved := queue_moved or step.queue_moved;
    else
      for event in select e::jsonb from json_array_elements(run->'others') e loop
        records := records || case event->>'kind'
          when 'receipt.reported' then hub.apply_receipt(event, rules->'climbs', now)
          when 'survey.answered' then hub.record_survey(event, now)
          when 'identity.asserted' then hub.assert_identity(
            hub.ensure_identity(event->>'channel', event->>'account', event->>'address', now),
            event->'sender', (event->>'id')::uuid, now)
          when 'address.reported' then hub.report_address(
            hub.ensure_identity(event->>'channel', event->>'account', event->>'address', now), event, now)
        end;
      end loop;
    end if;
  end loop;
  recorded := hub.append(records);
end $$;

-- One batch, for code that knows no company.
create or replace function hub.ingest(
  of_group text, of_topic text, of_partition int, from_offset bigint, to_offset bigint,
  runs json, claims boolean, rules jsonb, now bigint, out recorded int, out queue_moved boolean
)
language sql as $$
  select i.recorded, i.queue_moved
  from hub.ingest(of_group, of_topic, array[of_partition], array[from_offset], array[to_offset], null, runs, claims, rules,
    now, true) i
$$;
drop function hub.ingest(text, text, int[], bigint[], bigint[], json, boolean, jsonb, bigint, boolean);
`;

export class HubIngestReadsOnce1795640400000 implements MigrationInterface {
  readonly name = 'HubIngestReadsOnce1795640400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local check_function_bodies = off');
    await runner.query(ingest);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
