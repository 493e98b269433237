// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
alter table hub.conversation add column related_id uuid, add column thread text, add column subject text;

-- The current conversation of each thread of an identity. That of an identity without threads is in hub.identity.
create table hub.thread (
  identity_id uuid not null references hub.identity,
  conversation_id uuid not null,
  thread text not null,
  primary key (identity_id, thread)
);

-- What the channel last said of the address, as the contracts' Undeliverable and Allowance. Facts, as claims are.
alter table hub.identity add column undeliverable jsonb, add column allowance jsonb;

alter table hub.change drop constraint change_kind_check,
  add constraint change_kind_check check (kind in ('delivery', 'read', 'moved', 'allowance'));
`;

/** The allowance is the identity's: who shows many conversations joins it, who shows one lets it be looked up. */
const shapes = `
create function hub.conversation_text(
  c hub.conversation, t hub.contact, allowance jsonb, version int, last_seq int, unread int, last_at bigint,
  preview_kind text, preview_direction text, preview_text text
) returns text
language sql stable parallel safe
return concat('{"id":"', c.id, '","version":', version, ',"contactId":"', c.contact_id, '","identityId":"', c.identity_id,
  '","channel":', hub.quoted(c.channel), ',"account":', hub.quoted(c.account), ',"address":', hub.quoted(c.address),
  ',"contactName":', hub.quoted(t.name), ',"avatarUrl":', hub.quoted(t.avatar_url), ',"state":"', c.state,
  '","assignee":', case when c.assignee_id is null then 'null'
    else concat('{"id":"', c.assignee_id, '","name":', hub.quoted(coalesce(c.assignee_name, '')), '}') end,
  ',"lastSeq":', last_seq, ',"unread":', unread,
  ',"preview":', case when preview_kind is null then 'null'
    else concat('{"text":', hub.quoted(preview_text), ',"kind":"', preview_kind, '","direction":"', preview_direction,
      '","at":"', hub.iso(last_at), '"}') end,
  ',"waitingSince":', coalesce('"' || hub.iso(c.waiting_since) || '"', 'null'),
  ',"createdAt":"', hub.iso(c.created_at), '","lastAt":"', hub.iso(last_at),
  '","closedAt":', coalesce('"' || hub.iso(c.closed_at) || '"', 'null'),
  ',"previousId":', coalesce('"' || c.previous_id || '"', 'null'),
  ',"subject":', hub.quoted(c.subject), ',"thread":', hub.quoted(c.thread),
  ',"relatedId":', coalesce('"' || c.related_id || '"', 'null'),
  ',"allowance":', coalesce(allowance::text, 'null'), '}');

create or replace function hub.conversation_json(
  c hub.conversation, t hub.contact, version int, last_seq int, unread int, last_at bigint,
  preview_kind text, preview_direction text, preview_text text
) returns json
language sql stable parallel safe
return hub.conversation_text(c, t, (select i.allowance from hub.identity i where i.id = c.identity_id),
  version, last_seq, unread, last_at, preview_kind, preview_direction, preview_text)::json;

create function hub.conversation_json(c hub.conversation, t hub.contact, allowance jsonb) returns json
language sql stable parallel safe
return hub.conversation_text(c, t, allowance, c.version, c.last_seq, c.unread, c.last_at,
  c.preview_kind, c.preview_direction, c.preview_text)::json;

create or replace function hub.identity_json(i hub.identity) returns json
language sql stable parallel safe
return json_build_object(
  'id', i.id, 'contactId', i.contact_id, 'channel', i.channel, 'account', i.account, 'address', i.address,
  'displayName', i.display_name, 'verified', i.verified, 'claims', i.claims, 'createdAt', hub.iso(i.created_at),
  'lastSeenAt', (select hub.iso(max(c.heard_at)) from hub.conversation c
                 where c.contact_id = i.contact_id and c.identity_id = i.id),
  'undeliverable', i.undeliverable);
`;

const conversations = `
-- The current conversation of an identity's thread (null: of the identity), or of none.
create function hub.current_conversation(i hub.identity, of_thread text) returns uuid
language sql stable as $$
  select case when of_thread is null then i.conversation_id
    else (select h.conversation_id from hub.thread h where h.identity_id = i.id and h.thread = of_thread) end
$$;

-- Makes sure that the thread has a conversation that a message may go to: a new one when there is none or it was closed
-- too long ago to be reopened. start: the message, whose subject and relatedTo a new one takes over.
create function hub.ensure_conversation(of_identity uuid, start jsonb, reopen_days int, now bigint) returns void
language plpgsql as $$
declare
  i hub.identity;
  latest hub.conversation;
  of_thread text := start->>'thread';
  fresh uuid := hub.derived_id('conversation', of_identity::text, start->>'id');
begin
  select * into i from hub.identity x where x.id = of_identity for update;
  select * into latest from hub.conversation c where c.id = hub.current_conversation(i, of_thread);
  if latest.id is not null and not hub.is_over(latest.state, latest.closed_at, reopen_days, now) then
    return;
  end if;
  insert into hub.conversation (id, identity_id, contact_id, previous_id, created_at, last_at, channel, account, address,
      thread, subject, related_id)
    values (fresh, i.id, i.contact_id, latest.id, hub.at(now), now, i.channel, i.account, i.address,
      of_thread, start->>'subject', (select o.id from hub.conversation o where o.id = (start->>'relatedTo')::uuid));
  if of_thread is null then
    update hub.identity x set conversation_id = fresh where x.id = i.id;
  else
    insert into hub.thread (identity_id, thread, conversation_id) values (i.id, of_thread, fresh)
      on conflict (identity_id, thread) do update set conversation_id = excluded.conversation_id;
  end if;
end $$;
drop function hub.ensure_conversation(uuid, uuid, int, bigint);
`;

const addresses = `
-- Takes in what a channel says of writing to an address. What is said again changes nothing. Gives the records.
create function hub.report_address(of_identity uuid, report jsonb, now bigint) returns bus.record[]
language plpgsql as $$
declare
  i hub.identity;
  said_of_undeliverable jsonb := nullif(report->'undeliverable', 'null');
  said_of_allowance jsonb := nullif(report->'allowance', 'null');
  records bus.record[] := '{}';
  open record;
begin
  select * into i from hub.identity x where x.id = of_identity for update;
  if report ? 'undeliverable' and i.undeliverable is distinct from said_of_undeliverable then
    update hub.identity x set undeliverable = said_of_undeliverable where x.id = i.id;
    records := records || hub.contact_changed(i.contact_id);
  end if;
  if report ? 'allowance' and i.allowance is distinct from said_of_allowance then
    update hub.identity x set allowance = said_of_allowance where x.id = i.id;
    -- One that is closed is told anew when it is reopened.
    for open in
      select c.id from hub.conversation c
      where c.contact_id = i.contact_id and c.identity_id = i.id and c.state <> 'closed' order by c.id for update
    loop
      records := records || hub.timeline_record(open.id, hub.record_change(open.id, 'allowance', i.channel,
        jsonb_build_object('allowance', said_of_allowance), '{}', now));
    end loop;
  end if;
  return records;
end $$;
`;

export class HubThreadsAndAddresses1795613400000 implements MigrationInterface {
  readonly name = 'HubThreadsAndAddresses1795613400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local check_function_bodies = off');
    for (const sql of [tables, shapes, conversations, addresses]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
