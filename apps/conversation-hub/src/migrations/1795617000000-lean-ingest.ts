// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Five minutes of last_at, by which the lists are read. A message that comes within the same five minutes as the last
 * one changes no indexed column, so that the update of its conversation writes into no index (HOT). Inside a slot the
 * rows are sorted as they are read.
 */
const slots = `
alter table hub.conversation
  add column last_slot int not null generated always as ((last_at / 300000000)::int) stored;
drop index hub.conversation_live, hub.conversation_assignee, hub.conversation_closed;
create index conversation_live on hub.conversation (last_slot desc) where state <> 'closed';
create index conversation_assignee on hub.conversation (assignee_id, last_slot desc) where state <> 'closed';
create index conversation_closed on hub.conversation (last_slot desc) where state = 'closed';

create function hub.slot_of(last_at bigint) returns int
language sql immutable parallel safe return (last_at / 300000000)::int;
`;

/** JSON goes into concat as it is: through text it would be written and read once more. */
const shapes = `
create function hub.json_of(value text) returns json
language sql stable parallel safe
return coalesce(to_json(value), 'null'::json);

create or replace function hub.entry_text(e hub.entry) returns text
language sql stable parallel safe
return concat('{"id":"', e.id, '","conversationId":"', e.conversation_id, '","contactId":"', e.contact_id,
  '","channel":', hub.json_of(e.channel), ',"account":', hub.json_of(e.account), ',"seq":', e.seq,
  ',"version":', e.version, ',"kind":"', e.kind, '","direction":"', e.direction, '","author":', e.author,
  ',"text":', hub.json_of(e.text), ',"payload":', e.payload, ',"attachments":', e.attachments,
  ',"occurredAt":"', hub.iso(e.occurred_at), '","recordedAt":"', hub.iso(e.recorded_at),
  '","orderedAt":', e.ordered_at, '}');

-- at: hub.iso(last_at), which stands in it twice.
create function hub.conversation_text(
  c hub.conversation, t hub.contact, allowance jsonb, version int, last_seq int, unread int, at text,
  preview_kind text, preview_direction text, preview_text text
) returns text
language sql stable parallel safe
return concat('{"id":"', c.id, '","version":', version, ',"contactId":"', c.contact_id, '","identityId":"', c.identity_id,
  '","channel":', hub.json_of(c.channel), ',"account":', hub.json_of(c.account), ',"address":', hub.json_of(c.address),
  ',"contactName":', hub.json_of(t.name), ',"avatarUrl":', hub.json_of(t.avatar_url), ',"state":"', c.state,
  '","assignee":', case when c.assignee_id is null then 'null'
    else concat('{"id":"', c.assignee_id, '","name":', hub.json_of(coalesce(c.assignee_name, '')), '}') end,
  ',"lastSeq":', last_seq, ',"unread":', unread,
  ',"preview":', case when preview_kind is null then 'null'
    else concat('{"text":', hub.json_of(preview_text), ',"kind":"', preview_kind, '","direction":"', preview_direction,
      '","at":"', at, '"}') end,
  ',"waitingSince":', coalesce('"' || hub.iso(c.waiting_since) || '"', 'null'),
  ',"createdAt":"', hub.iso(c.created_at), '","lastAt":"', at,
  '","closedAt":', coalesce('"' || hub.iso(c.closed_at) || '"', 'null'),
  ',"previousId":', coalesce('"' || c.previous_id || '"', 'null'),
  ',"subject":', hub.json_of(c.subject), ',"thread":', hub.json_of(c.thread),
  ',"relatedId":', coalesce('"' || c.related_id || '"', 'null'),
  ',"allowance":', coalesce(allowance::text, 'null'), '}');

create or replace function hub.conversation_text(
  c hub.conversation, t hub.contact, allowance jsonb, version int, last_seq int, unread int, last_at bigint,
  preview_kind text, preview_direction text, preview_text text
) returns text
language sql stable parallel safe
return hub.conversation_text(c, t, allowance, version, last_seq, unread, hub.iso(last_at),
  preview_kind, preview_direction, preview_text);
`;

const messages = `
-- Records a run of customers' messages, no two with the same id, as one set; or does nothing and says that some of them
-- are unprepared: that their identity, what is known of it, or their conversation has to be made first
-- (hub.prepare_messages). Most batches need none of that, so this is tried before it; prepared: it was done.
--
-- Each message takes the next seq and version of its conversation; ordered_at is the greater of the last one plus 1 and
-- the channel's time (never after ours): with t the channel's times and n = 1, 2, … that is
-- n + greatest(last, max(t - n so far)). queue_moved: somebody began to wait among the unassigned.
--
-- Each message brings its conversation along, so that no step is joined with another: with hash joins off that would
-- compare all with all. Rows are built of plain columns: what reads a field of a row then costs nothing.
create or replace function hub.ingest_messages(
  run json, prepared boolean, rules jsonb, now bigint,
  out records bus.record[], out queue_moved boolean, out unprepared boolean
)
language plpgsql as $$
declare
  left_out int;
  receives jsonb := rules->'receives';
  reopen_days int := rules->'reopenDays';
  headers text := hub.headers_before_id('entry.recorded');
begin
  with fresh as materialized (
    select r.id, r.place, r."nativeId" as native_id, r."occurredAt" as occurred_at, r.sender->>'name' as sender_name,
      r.text, r.attachments, r.payload, r.traceparent, hub.preview_of(r.text, r.attachments) as preview,
      i.id as identity_id, i.allowance, case when r.thread is null then i.conversation_id else h.conversation_id end as conversation_id,
      least(hub.micros(r."occurredAt"), now) as told_at,
      not prepared and (i.id is null or c.id is null or hub.is_over(c.state, c.closed_at, reopen_days, now)
        or hub.profile_differs(i, r.sender)) as is_new
    from rows from (json_to_recordset(run) as (id uuid, channel text, account text, address text, "nativeId" text,
        "occurredAt" timestamptz, sender jsonb, text text, attachments json, payload json, thread text, traceparent text))
      with ordinality as r (id, channel, account, address, "nativeId", "occurredAt", sender, text, attachments, payload,
        thread, traceparent, place)
    left join hub.identity i on (i.channel, i.account, i.address) = (r.channel, r.account, r.address)
    left join hub.thread h on h.identity_id = i.id and h.thread = r.thread
    left join hub.conversation c on not prepared
      and c.id = case when r.thread is null then i.conversation_id else h.conversation_id end
    where not exists (select from hub.entry e where e.id = r.id)
  ), held as materialized (
    -- Nothing of the conversations is read before they are locked.
    select f.*, c.contact_id, c.assignee_id, c.previous_id, c.created_at, c.ordered_at as last_ordered_at, c.waiting_since,
      c.version as last_version, c.last_seq, c.unread, c.read_seq, c.channel, c.account, c.address, c.state, c.assignee_name,
      c.related_id, c.thread, c.subject
    from fresh f join hub.conversation c on c.id = f.conversation_id
    where not exists (select from fresh x where x.is_new)
    order by c.id
    for update of c
  ), numbered as (
    select h.*, max(h.told_at - h.n) over (partition by h.conversation_id order by h.place) as reach
    from (
      select held.*, (row_number() over w)::int as n, first_value(told_at) over w as first_told_at,
        (count(*) over (partition by conversation_id))::int as count
      from held window w as (partition by conversation_id order by place)
    ) h
  ), made as materialized (
    select m.*, m.n + greatest(m.last_ordered_at, m.reach) as ordered_at, m.last_version + m.n as version,
      m.last_seq + m.n as seq, m.unread + m.n as unread_then, receives->>m.state as state_then,
      coalesce(m.waiting_since, 1 + greatest(m.last_ordered_at, m.first_told_at - 1)) as waiting_then,
      concat('{"kind":"customer","id":"', m.identity_id, '"', ',"name":' || to_json(m.sender_name), '}')::json as author,
      hub.at(now) as recorded_at
    from numbered m
  ), grown as (
    update hub.conversation c set version = m.version, last_seq = m.seq, unread = m.unread_then, state = m.state_then,
      closed_at = null, ordered_at = m.ordered_at, last_at = m.ordered_at, heard_at = m.ordered_at,
      waiting_since = m.waiting_then, preview_kind = 'message', preview_direction = 'in', preview_text = m.preview
    from made m where c.id = m.conversation_id and m.n = m.count
  ), written as (
    insert into hub.entry (conversation_id, id, contact_id, ordered_at, occurred_at, recorded_at, seq, version, kind,
      direction, channel, account, native_id, author, text, payload, attachments)
    select conversation_id, id, contact_id, ordered_at, occurred_at, recorded_at, seq, version, 'message',
      'in', channel, account, native_id, author, text, payload, attachments
    from made
  ), shown as (
    select m.place, m.n, m.state, m.assignee_id, m.waiting_since, m.id, m.conversation_id, m.version, m.seq, m.unread_then,
      m.preview, m.allowance, m.traceparent, hub.iso(m.ordered_at) as at, t,
      row(m.conversation_id, m.identity_id, m.contact_id, m.assignee_id, m.previous_id, m.created_at, null, m.ordered_at,
        m.ordered_at, m.waiting_then, m.ordered_at, m.version, m.seq, m.unread_then, m.read_seq, m.channel, m.account,
        m.address, m.state_then, m.assignee_name, 'message', 'in', m.preview, m.related_id, m.thread, m.subject,
        hub.slot_of(m.ordered_at))::hub.conversation as c,
      row(m.conversation_id, m.id, m.contact_id, m.ordered_at, m.occurred_at, m.recorded_at, m.seq, m.version, 'message',
        'in', m.channel, m.account, m.native_id, m.author, m.text, m.payload, m.attachments)::hub.entry as e
    from made m left join hub.contact t on t.id = m.contact_id
  )
  select array_agg(row('yixian.timeline.v1', m.conversation_id,
        concat(headers, m.id, '"', ',"traceparent":' || to_json(m.traceparent), '}')::json,
        concat('{"kind":"entry.recorded","id":"', m.id, '","conversation":',
          hub.conversation_text(m.c, m.t, m.allowance, m.version, m.seq, m.unread_then, m.at, 'message', 'in', m.preview),
          ',"entry":', hub.entry_text(m.e), '}'))::bus.record order by m.place)
      || array_agg(hub.shown_record(m.c, now)) filter (where m.n = 1 and m.state = 'closed'
        and exists (select from bus.topic o where o.name = hub.outbound_topic((m.c).channel))),
    bool_or(m.assignee_id is null and m.waiting_since is null),
    exists (select from fresh where is_new),
    (select count(*) from fresh) - count(*)
  into records, queue_moved, unprepared, left_out
  from shown m;
  if left_out > 0 and not unprepared then
    raise exception '% messages found no conversation', left_out using errcode = '40001', hint = 'Try the batch again.';
  end if;
  records := coalesce(records, '{}');
  queue_moved := coalesce(queue_moved, false);
end $$;

-- The CloudEvents headers of a record of the timeline as far as the value of ce_id, which comes last.
create function hub.headers_before_id(kind text) returns text
language sql stable parallel safe
return concat('{"ce_specversion":"1.0","ce_type":"', kind, '","ce_source":"/yixian/conversation-hub","ce_time":"',
  hub.iso(now()), '","content-type":"application/json","ce_id":"');

drop type hub.arrival;
`;

export class HubLeanIngest1795617000000 implements MigrationInterface {
  readonly name = 'HubLeanIngest1795617000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local check_function_bodies = off');
    for (const sql of [slots, shapes, messages]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
