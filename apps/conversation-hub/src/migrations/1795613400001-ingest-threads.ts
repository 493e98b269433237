// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As before, and each message goes to the conversation of its thread. */
const messages = `
-- Makes sure that each message of the run has an identity, that what its sender says is taken in, and that there is a
-- conversation to put it in.
create or replace function hub.prepare_messages(run json, reopen_days int, now bigint) returns bus.record[]
language plpgsql as $$
declare
  m record;
  identity uuid;
  records bus.record[] := '{}';
begin
  for m in
    select r.*
    from rows from (json_to_recordset(run) as (id uuid, channel text, account text, address text, sender jsonb,
        thread text, subject text, "relatedTo" uuid))
      with ordinality as r (id, channel, account, address, sender, thread, subject, "relatedTo", place)
    left join hub.identity i on (i.channel, i.account, i.address) = (r.channel, r.account, r.address)
    left join hub.conversation c on c.id = hub.current_conversation(i, r.thread)
    where (i.id is null or c.id is null or hub.is_over(c.state, c.closed_at, reopen_days, now) or hub.profile_differs(i, r.sender))
      and not exists (select from hub.entry e where e.id = r.id)
    order by r.place
  loop
    identity := hub.ensure_identity(m.channel, m.account, m.address, now);
    records := records || hub.assert_identity(identity, m.sender, m.id, now);
    perform hub.ensure_conversation(identity, to_jsonb(m) - 'sender', reopen_days, now);
  end loop;
  return records;
end $$;

-- Records a run of customers' messages as one set, or does nothing and says that some of them are unprepared: that
-- their identity, what is known of it, or their conversation has to be made first (hub.prepare_messages). Most batches
-- need none of that, so this is tried before it; prepared: it was done. Each message takes the next seq
-- and version of its conversation; ordered_at is the greater of the last one plus 1 and the channel's time (never after
-- ours): with t the channel's times and n = 1, 2, … that is n + greatest(last, max(t - n so far)).
-- The messages travel with their conversation as an array: joining the steps instead would compare all with all, since
-- hash joins are off. queue_moved: somebody began to wait among the unassigned.
create or replace function hub.ingest_messages(
  run json, prepared boolean, rules jsonb, now bigint,
  out records bus.record[], out queue_moved boolean, out unprepared boolean
)
language plpgsql as $$
declare
  left_out int;
  receives jsonb := rules->'receives';
  reopen_days int := rules->'reopenDays';
begin
  with fresh as materialized (
    -- A copy inside the batch passes "not exists" as well: without distinct, its seq would be taken and not used.
    select distinct on (r.id) r.*, i.id as identity_id, i.allowance,
      case when r.thread is null then i.conversation_id else h.conversation_id end as conversation_id, least(hub.micros(r."occurredAt"), now) as told_at,
      not prepared and (i.id is null or c.id is null or hub.is_over(c.state, c.closed_at, reopen_days, now)
        or hub.profile_differs(i, r.sender)) as is_new
    from rows from (json_to_recordset(run) as (id uuid, channel text, account text, address text, "nativeId" text,
        "occurredAt" timestamptz, sender jsonb, text text, attachments json, payload json, thread text,
        traceparent text))
      with ordinality as r (id, channel, account, address, "nativeId", "occurredAt", sender, text, attachments, payload,
        thread, traceparent, place)
    left join hub.identity i on (i.channel, i.account, i.address) = (r.channel, r.account, r.address)
    left join hub.thread h on h.identity_id = i.id and h.thread = r.thread
    left join hub.conversation c on not prepared
      and c.id = case when r.thread is null then i.conversation_id else h.conversation_id end
    where not exists (select from hub.entry e where e.id = r.id)
    order by r.id, r.place
  ), numbered as (
    select f.*, max(f.told_at - f.n) over (partition by f.conversation_id order by f.place) as reach
    from (select fresh.*, row_number() over (partition by conversation_id order by place) as n from fresh) f
  ), arriving as materialized (
    select conversation_id, count(*)::int as count, max(reach) as reach, min(reach) as first,
      (array_agg(allowance))[1] as allowance,
      (array_agg(hub.preview_of(text, attachments) order by n desc))[1] as preview,
      array_agg(row(place, n, reach, id, identity_id, "nativeId", "occurredAt", sender->>'name', text, payload,
        attachments, traceparent)::hub.arrival order by n) as arrivals
    from numbered where not exists (select from fresh where is_new) group by conversation_id
  ), held as materialized (
    -- Nothing else is joined here: a row that changed while we waited for it is looked at again, and must still fit.
    select c as was, a.*
    from arriving a join hub.conversation c on c.id = a.conversation_id
    order by c.id
    for update of c
  ), grown as (
    update hub.conversation c set
      version = (h.was).version + h.count,
      last_seq = (h.was).last_seq + h.count,
      unread = (h.was).unread + h.count,
      state = receives->>(h.was).state,
      closed_at = null,
      ordered_at = h.count + greatest((h.was).ordered_at, h.reach),
      last_at = h.count + greatest((h.was).ordered_at, h.reach),
      heard_at = h.count + greatest((h.was).ordered_at, h.reach),
      waiting_since = coalesce((h.was).waiting_since, 1 + greatest((h.was).ordered_at, h.first)),
      preview_kind = 'message',
      preview_direction = 'in',
      preview_text = h.preview
    from held h where c.id = h.conversation_id
    returning c, h.was, h.arrivals, h.allowance
  ), made as materialized (
    select g.c, g.was, g.allowance, a.place, a.n, a.traceparent, row(
        (g.was).id, a.id, (g.c).contact_id, a.n + greatest((g.was).ordered_at, a.reach), a.occurred_at, hub.at(now),
        (g.was).last_seq + a.n, (g.was).version + a.n, 'message', 'in', (g.was).channel, (g.was).account, a.native_id,
        concat('{"kind":"customer","id":"', a.identity_id, '"', ',"name":' || to_json(a.sender_name), '}')::json,
        a.text, a.payload, a.attachments)::hub.entry as e
    from grown g, unnest(g.arrivals) a
  ), written as (
    insert into hub.entry select (m.e).* from made m
  )
  select array_agg(hub.timeline_record((m.e).conversation_id, 'entry.recorded', (m.e).id, concat(
        '{"kind":"entry.recorded","id":"', (m.e).id, '","conversation":',
        hub.conversation_text(m.c, t, m.allowance, (m.e).version, (m.e).seq, ((m.was).unread + m.n)::int,
          (m.e).ordered_at, 'message', 'in', hub.preview_of((m.e).text, (m.e).attachments)),
        ',"entry":', hub.entry_text(m.e), '}'), m.traceparent) order by m.place)
      || array_agg(hub.shown_record(m.c, now)) filter (where m.n = 1 and (m.was).state = 'closed'
        and exists (select from bus.topic o where o.name = hub.outbound_topic((m.c).channel))),
    bool_or((m.c).assignee_id is null and (m.was).waiting_since is null),
    exists (select from fresh where is_new),
    (select count(*) from fresh) - count(*)
  into records, queue_moved, unprepared, left_out
  from made m left join hub.contact t on t.id = (m.c).contact_id;
  if left_out > 0 and not unprepared then
    raise exception '% messages found no conversation', left_out using errcode = '40001', hint = 'Try the batch again.';
  end if;
  records := coalesce(records, '{}');
  queue_moved := coalesce(queue_moved, false);
end $$;
`;

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
begin
  -- First, since the cursor's row lock makes one writer per partition: a zombie waits here, then finds it stale (YX001).
  perform bus.advance(of_group, of_topic, of_partition, from_offset, to_offset);
  -- The log this is read from is the durable copy and the cursor commits with the effect: what a crash takes back is
  -- made again, identically, since every id is derived. Later commits that wait (an agent's reply) flush it too.
  perform set_config('synchronous_commit', 'off', true);
  if claims and hub.has_new_claims(runs::jsonb) then
    perform hub.lock_links();
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

export class HubIngestThreads1795613400001 implements MigrationInterface {
  readonly name = 'HubIngestThreads1795613400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local check_function_bodies = off');
    for (const sql of [messages, ingest]) await runner.query(sql);
    // The shape without an allowance; nothing uses it any more.
    await runner.query(
      `drop function hub.conversation_text(hub.conversation, hub.contact, int, int, int, bigint, text, text, text)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
