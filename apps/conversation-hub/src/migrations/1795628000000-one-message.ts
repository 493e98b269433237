// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const message = `
create type hub.message as (id uuid, channel text, account text, address text, "nativeId" text, "occurredAt" timestamptz,
  sender jsonb, text text, attachments json, payload json, thread text, traceparent text);

-- Records one message of the most common kind: of a customer who is known and says nothing new of themselves, to a
-- conversation that is open and needs no thread to be found. False: it is of another kind, or recorded already, and
-- nothing was done. What is recorded is what hub.ingest_messages would record.
--
-- Two small statements, since to make a statement ready to run costs more than to run it once: what a statement for a
-- whole set needs for that took nine tenths of its time when the set was one message.
create function hub.ingest_one(message json, rules jsonb, now bigint, out recorded boolean, out queue_moved boolean)
language plpgsql as $$
declare
  m hub.message := json_populate_record(null::hub.message, message);
  said_at bigint := least(hub.micros(m."occurredAt"), now);
  c record;
  entry text;
  appended record;
begin
  recorded := false;
  queue_moved := false;
  if m.thread is not null then
    return;
  end if;
  -- Of a row that changed while we waited for it, only what still fits together is taken.
  update hub.conversation x set version = x.version + 1, last_seq = x.last_seq + 1, unread = x.unread + 1,
      state = rules->'receives'->>x.state, ordered_at = greatest(x.ordered_at + 1, said_at),
      last_at = greatest(x.ordered_at + 1, said_at), heard_at = greatest(x.ordered_at + 1, said_at),
      waiting_since = coalesce(x.waiting_since, greatest(x.ordered_at + 1, said_at)),
      preview_kind = 'message', preview_direction = 'in', preview_text = hub.preview_of(m.text, m.attachments)
    from hub.identity i, hub.contact t
    where (i.channel, i.account, i.address) = (m.channel, m.account, m.address) and not hub.profile_differs(i, m.sender)
      and x.id = i.conversation_id and x.state <> 'closed' and t.id = x.contact_id
      and not exists (select from hub.entry e where e.id = m.id)
    returning x.id, x.contact_id, x.ordered_at, x.last_seq, x.version, x.channel, x.account, i.id as identity_id,
      x.assignee_id is null and x.waiting_since = x.ordered_at as queue_moved,
      hub.conversation_text(x, t, i.allowance, x.version, x.last_seq, x.unread, x.last_at, x.preview_kind,
        x.preview_direction, x.preview_text) as text
    into c;
  if not found then
    return;
  end if;
  insert into hub.entry as e (conversation_id, id, contact_id, ordered_at, occurred_at, recorded_at, seq, version, kind,
      direction, channel, account, native_id, author, text, payload, attachments)
    values (c.id, m.id, c.contact_id, c.ordered_at, m."occurredAt", hub.at(now), c.last_seq, c.version, 'message', 'in',
      c.channel, c.account, m."nativeId",
      concat('{"kind":"customer","id":"', c.identity_id, '"', ',"name":' || to_json(m.sender->>'name'), '}')::json,
      m.text, m.payload, m.attachments)
    returning hub.entry_text(e) into entry;
  appended := bus.append_one('yixian.timeline.v1', c.id::text,
    concat(hub.headers_before_id('entry.recorded'), m.id, '"', ',"traceparent":' || to_json(m.traceparent), '}')::json,
    concat('{"kind":"entry.recorded","id":"', m.id, '","conversation":', c.text, ',"entry":', entry, '}'));
  recorded := true;
  queue_moved := c.queue_moved;
end $$;
`;

/** As before, but that messages which come alone are tried by themselves. */
const ingest = `
create or replace function hub.ingest(
  of_group text, of_topic text, of_partition int, from_offset bigint, to_offset bigint,
  runs json, claims boolean, rules jsonb, now bigint, out recorded int, out queue_moved boolean
)
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
  run json;
  messages json;
  event jsonb;
  records bus.record[] := '{}';
  step record;
  durably text;
begin
  -- First, since the cursor's row lock makes one writer per partition: a zombie waits here, then finds it stale (YX001).
  perform bus.advance(of_group, of_topic, of_partition, from_offset, to_offset);
  -- The log this is read from is the durable copy and the cursor commits with the effect: what a crash takes back is
  -- made again, identically, since every id is derived. Later commits that wait (an agent's reply) flush it too.
  durably := set_config('synchronous_commit', 'off', true);
  if claims and hub.has_new_claims(runs::jsonb) then
    perform hub.lock_links();
  end if;
  if json_array_length(runs) = 1 and json_array_length(runs->0->'messages') = 1 then
    step := hub.ingest_one(runs->0->'messages'->0, rules, now);
    if step.recorded then
      recorded := 1;
      queue_moved := step.queue_moved;
      return;
    end if;
  end if;
  queue_moved := false;
  for run in select r from json_array_elements(runs) r loop
    messages := run->'messages';
    if messages is not null then
      step := hub.ingest_messages(messages, false, rules, now);
      if step.unprepared then
        records := records || hub.prepare_messages(messages, (rules->>'reopenDays')::int, now);
        step := hub.ingest_messages(messages, true, rules, now);
      end if;
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
`;

export class HubOneMessage1795628000000 implements MigrationInterface {
  readonly name = 'HubOneMessage1795628000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local check_function_bodies = off');
    for (const sql of [message, ingest]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
