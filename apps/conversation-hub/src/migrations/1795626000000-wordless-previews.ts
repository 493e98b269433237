// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const shapes = `
-- What a channel says of the entry that a conversation's preview is of; null when that is not to be seen yet (a statement
-- does not see what it writes itself), or is too long for a list.
create function hub.payload_said(c hub.conversation) returns json
language sql stable parallel safe as $$
  select e.payload from hub.entry e
  where e.contact_id = c.contact_id and e.ordered_at = c.last_at and e.conversation_id = c.id
    and octet_length(e.payload::text) between 3 and 4000
$$;

-- As before, but that a preview without words brings along the payload of what it is of. at: hub.iso(last_at).
create or replace function hub.conversation_text(
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
      '","at":"', at, '"', case when preview_text = '' then ',"payload":' || hub.payload_said(c)::text end, '}') end,
  ',"waitingSince":', coalesce('"' || hub.iso(c.waiting_since) || '"', 'null'),
  ',"createdAt":"', hub.iso(c.created_at), '","lastAt":"', at,
  '","closedAt":', coalesce('"' || hub.iso(c.closed_at) || '"', 'null'),
  ',"previousId":', coalesce('"' || c.previous_id || '"', 'null'),
  ',"subject":', hub.json_of(c.subject), ',"thread":', hub.json_of(c.thread),
  ',"relatedId":', coalesce('"' || c.related_id || '"', 'null'),
  ',"allowance":', coalesce(allowance::text, 'null'), '}');
`;

export class HubWordlessPreviews1795626000000 implements MigrationInterface {
  readonly name = 'HubWordlessPreviews1795626000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local check_function_bodies = off');
    await runner.query(shapes);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
