// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const writes = `
-- Writes one entry that is not a customer's message and gives its event (entry.recorded). The caller holds the row's
-- lock. fresh: {id, kind, direction, author, text, payload, attachments, occurredAt?}. moves: {state?, assignee?}.
-- An outbound message begins its delivery as queued.
create function hub.record_entry(of_conversation uuid, fresh jsonb, moves jsonb, now bigint) returns json
language plpgsql as $$
declare
  c hub.conversation;
  t hub.contact;
  e hub.entry;
  d hub.delivery;
  said boolean := fresh->>'kind' <> 'system';
begin
  update hub.conversation x set
    version = x.version + 1, last_seq = x.last_seq + 1,
    ordered_at = greatest(x.ordered_at + 1, least(coalesce(hub.micros((fresh->>'occurredAt')::timestamptz), now), now)),
    state = coalesce(moves->>'state', x.state),
    closed_at = case coalesce(moves->>'state', x.state) when 'closed' then coalesce(x.closed_at, hub.at(now)) end,
    assignee_id = case when moves ? 'assignee' then (moves->'assignee'->>'id')::uuid else x.assignee_id end,
    assignee_name = case when moves ? 'assignee' then moves->'assignee'->>'name' else x.assignee_name end,
    waiting_since = case when fresh->>'direction' = 'out' or moves->>'state' = 'closed' then null else x.waiting_since end,
    preview_kind = case when said then fresh->>'kind' else x.preview_kind end,
    preview_direction = case when said then fresh->>'direction' else x.preview_direction end,
    preview_text = case when said then hub.preview_of(fresh->>'text', (fresh->'attachments')::json) else x.preview_text end
  where x.id = of_conversation returning * into strict c;
  if said then
    update hub.conversation x set last_at = x.ordered_at where x.id = c.id returning * into c;
  end if;
  insert into hub.entry as x (conversation_id, id, contact_id, ordered_at, occurred_at, recorded_at, seq, version, kind,
    direction, channel, account, author, text, payload, attachments)
  values (c.id, (fresh->>'id')::uuid, c.contact_id, c.ordered_at,
    coalesce((fresh->>'occurredAt')::timestamptz, hub.at(now)), hub.at(now), c.last_seq, c.version, fresh->>'kind',
    fresh->>'direction', c.channel, c.account, fresh->'author', fresh->>'text', fresh->'payload', fresh->'attachments')
  returning * into e;
  if e.direction = 'out' then
    insert into hub.delivery (entry_id, conversation_id, version, at, state)
      values (e.id, c.id, c.version, hub.at(now), 'queued') returning * into d;
  end if;
  select * into t from hub.contact x where x.id = c.contact_id;
  return json_build_object('kind', 'entry.recorded', 'id', e.id, 'conversation', hub.conversation_json(c, t),
    'entry', hub.entry_json(e, d));
end $$;

-- Changes a conversation without an entry and gives the event (conversation.changed). The caller holds the row's lock.
-- moves: {readSeq?, unread?, contactId?}.
create function hub.record_change(of_conversation uuid, what text, by text, data jsonb, moves jsonb, now bigint) returns json
language plpgsql as $$
declare
  c hub.conversation;
  t hub.contact;
begin
  update hub.conversation x set version = x.version + 1,
    read_seq = coalesce((moves->>'readSeq')::int, x.read_seq),
    unread = coalesce((moves->>'unread')::int, x.unread),
    contact_id = coalesce((moves->>'contactId')::uuid, x.contact_id)
  where x.id = of_conversation returning * into strict c;
  insert into hub.change (conversation_id, version, kind, at, by, data)
    values (c.id, c.version, what, hub.at(now), left(by, 200), data);
  select * into t from hub.contact x where x.id = c.contact_id;
  return json_build_object('kind', 'conversation.changed',
    'id', hub.derived_id('conversation.changed', c.id::text, c.version::text),
    'conversation', hub.conversation_json(c, t));
end $$;
`;

const receipts = `
-- Moves a delivery up the lattice, if the receipt says something newer, and gives the record to publish. A receipt
-- for a message that is not known (yet) waits; one that comes from another address than the message went to is not
-- about it, and waits for ever, which here is a week. climbs: the contracts' deliveryMoves.
create function hub.apply_receipt(receipt jsonb, climbs jsonb, now bigint) returns bus.record[]
language plpgsql as $$
declare
  d hub.delivery;
  c hub.conversation;
begin
  select x.* into c from hub.delivery o join hub.conversation x on x.id = o.conversation_id
    where o.entry_id = (receipt->>'messageId')::uuid
      and (x.channel, x.account, x.address) = (receipt->>'channel', receipt->>'account', receipt->>'address')
    for update of x;
  if c.id is null then
    delete from hub.receipt_pending p where p.recorded_at < hub.at(now) - interval '7 days';
    insert into hub.receipt_pending (id, message_id, recorded_at, receipt)
      values ((receipt->>'id')::uuid, (receipt->>'messageId')::uuid, hub.at(now), receipt) on conflict do nothing;
    return '{}';
  end if;
  update hub.delivery x set state = receipt->>'state', reason = receipt->>'reason', version = c.version + 1,
    at = least((receipt->>'occurredAt')::timestamptz, hub.at(now))
  where x.entry_id = (receipt->>'messageId')::uuid and climbs->x.state ? (receipt->>'state')
  returning * into d;
  if d.entry_id is null then
    return '{}';
  end if;
  update hub.conversation x set version = d.version where x.id = c.id;
  insert into hub.change (conversation_id, version, kind, entry_id, at, by, data)
    values (c.id, d.version, 'delivery', d.entry_id, d.at, c.channel,
      jsonb_strip_nulls(jsonb_build_object('state', d.state, 'reason', d.reason)));
  return array[hub.timeline_record(c.id, json_build_object('kind', 'delivery.changed',
    'id', hub.derived_id('delivery.changed', c.id::text, d.version::text), 'conversationId', c.id,
    'contactId', c.contact_id, 'version', d.version, 'entryId', d.entry_id, 'delivery', hub.delivery_json(d)))];
end $$;

-- The receipts that came before their message, in the order they came.
create function hub.apply_pending_receipts(of_message uuid, climbs jsonb, now bigint) returns bus.record[]
language plpgsql as $$
declare
  waiting jsonb;
  records bus.record[] := '{}';
begin
  for waiting in
    with taken as (delete from hub.receipt_pending p where p.message_id = of_message returning p.*)
    select taken.receipt from taken order by taken.position
  loop
    records := records || hub.apply_receipt(waiting, climbs, now);
  end loop;
  return records;
end $$;

-- The customer's rating: an entry of kind survey, one per conversation at most, that wakes nobody up. One for a
-- conversation that is not theirs is refused as bad data, and so ends among the dead letters.
create function hub.record_survey(answer jsonb, now bigint) returns bus.record[]
language plpgsql as $$
declare
  c hub.conversation;
  who hub.identity;
begin
  select * into c from hub.conversation x where x.id = (answer->>'conversationId')::uuid
    and (x.channel, x.account, x.address) = (answer->>'channel', answer->>'account', answer->>'address') for update;
  if c.id is null then
    raise exception 'survey %: no such conversation of this customer', answer->>'id' using errcode = '22023';
  end if;
  if exists (select from hub.entry e where (e.conversation_id = c.id and e.kind = 'survey') or e.id = (answer->>'id')::uuid) then
    return '{}';
  end if;
  select * into who from hub.identity i where i.id = c.identity_id;
  return array[hub.timeline_record(c.id, hub.record_entry(c.id, jsonb_build_object(
    'id', answer->>'id', 'kind', 'survey', 'direction', 'in',
    'author', jsonb_strip_nulls(jsonb_build_object('kind', 'customer', 'id', who.id, 'name', who.display_name)),
    'text', answer->>'text', 'payload', jsonb_build_object('score', answer->'score'), 'attachments', '[]'::jsonb,
    'occurredAt', answer->>'occurredAt'), '{}', now))];
end $$;
`;

export class HubRecordWrites1795309200003 implements MigrationInterface {
  readonly name = 'HubRecordWrites1795309200003';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [writes, receipts]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
