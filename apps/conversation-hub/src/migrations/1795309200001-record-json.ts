// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const idsAndTimes = `
-- Byte for byte what derivedId of the contracts makes: UUID version 8 of the SHA-256 of the parts, joined by NUL.
create function hub.derived_id(variadic parts text[]) returns uuid
language sql immutable parallel safe as $$
  select encode(set_byte(set_byte(digest, 6, get_byte(digest, 6) & 15 | 128), 8, get_byte(digest, 8) & 63 | 128), 'hex')::uuid
  from (
    select substring(sha256(string_agg(convert_to(part, 'UTF8'), '\\x00'::bytea order by place)) for 16) as digest
    from unnest(parts) with ordinality as t (part, place)
  ) hashed
$$;

-- Stable as extract is: a function that promises more than its body is called, and not inlined, at 20 times the price.
create function hub.micros(at timestamptz) returns bigint
language sql stable parallel safe return (extract(epoch from at) * 1000000)::bigint;

create function hub.at(micros bigint) returns timestamptz
language sql immutable parallel safe
return (timestamp '1970-01-01' + micros * interval '1 microsecond') at time zone 'UTC';

create function hub.iso(at timestamptz) returns text
language sql stable parallel safe return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

create function hub.iso(micros bigint) returns text
language sql stable parallel safe
return to_char(timestamp '1970-01-01' + micros * interval '1 microsecond', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
`;

/** The one place where rows take the shapes of the contracts. Single expressions, so that the planner inlines them. */
const shapes = `
create function hub.delivery_json(d hub.delivery) returns json
language sql stable parallel safe
return json_strip_nulls(json_build_object('state', d.state, 'reason', d.reason, 'at', hub.iso(d.at)));

-- A value of JSON text.
create function hub.quoted(value text) returns text
language sql stable parallel safe
return coalesce(to_json(value)::text, 'null');

-- On the way of every message JSON is put together as text: concat looks up once how to write each type, where
-- json_build_object does so for every value again.
create function hub.entry_text(e hub.entry) returns text
language sql stable parallel safe
return concat('{"id":"', e.id, '","conversationId":"', e.conversation_id, '","contactId":"', e.contact_id,
  '","channel":', hub.quoted(e.channel), ',"account":', hub.quoted(e.account), ',"seq":', e.seq,
  ',"version":', e.version, ',"kind":"', e.kind, '","direction":"', e.direction, '","author":', e.author,
  ',"text":', hub.quoted(e.text), ',"payload":', e.payload, ',"attachments":', e.attachments,
  ',"occurredAt":"', hub.iso(e.occurred_at), '","recordedAt":"', hub.iso(e.recorded_at),
  '","orderedAt":', e.ordered_at, '}');

create function hub.entry_json(e hub.entry) returns json
language sql stable parallel safe
return hub.entry_text(e)::json;

-- With what became of it, when it has a delivery.
create function hub.entry_json(e hub.entry, d hub.delivery) returns json
language sql stable parallel safe
return case when d.entry_id is null then hub.entry_json(e)
  else (left(hub.entry_text(e), -1) || ',"delivery":' || hub.delivery_json(d)::text || '}')::json end;

-- The row as it was when it stood at version, with what a message changes given apart: a batch shows each step.
create function hub.conversation_text(
  c hub.conversation, t hub.contact, version int, last_seq int, unread int, last_at bigint,
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
  ',"previousId":', coalesce('"' || c.previous_id || '"', 'null'), '}');

create function hub.conversation_json(
  c hub.conversation, t hub.contact, version int, last_seq int, unread int, last_at bigint,
  preview_kind text, preview_direction text, preview_text text
) returns json
language sql stable parallel safe
return hub.conversation_text(c, t, version, last_seq, unread, last_at,
  preview_kind, preview_direction, preview_text)::json;

create function hub.conversation_json(c hub.conversation, t hub.contact) returns json
language sql stable parallel safe
return hub.conversation_json(c, t, c.version, c.last_seq, c.unread, c.last_at,
  c.preview_kind, c.preview_direction, c.preview_text);

-- What a list shows of an entry. 100 characters are at most 200 UTF-16 units, which is what the contracts count.
create function hub.preview_of(text text, attachments json) returns text
language sql immutable parallel safe
return coalesce(nullif(left(text, 100), ''), left(attachments->0->>'name', 100), '');

create function hub.identity_json(i hub.identity) returns json
language sql stable parallel safe
return json_build_object(
  'id', i.id, 'contactId', i.contact_id, 'channel', i.channel, 'account', i.account, 'address', i.address,
  'displayName', i.display_name, 'verified', i.verified, 'claims', i.claims, 'createdAt', hub.iso(i.created_at),
  'lastSeenAt', (select hub.iso(max(c.heard_at)) from hub.conversation c
                 where c.contact_id = i.contact_id and c.identity_id = i.id));

create function hub.contact_json(t hub.contact) returns json
language sql stable parallel safe
return json_build_object(
  'id', t.id, 'name', t.name, 'avatarUrl', t.avatar_url, 'locale', t.locale, 'attributes', t.attributes,
  'createdAt', hub.iso(t.created_at), 'version', t.version,
  'identities', (select coalesce(json_agg(hub.identity_json(i) order by i.created_at, i.id), '[]')
                 from hub.identity i where i.contact_id = t.id));
`;

/** Functions give the records they want published; the statement's end appends them in one call. */
const records = `
-- A record of the timeline, its CloudEvents headers complete. Put together as text: ids need no escaping.
create function hub.timeline_record(key uuid, kind text, id uuid, value text, traceparent text default null)
returns bus.record
language sql stable parallel safe
return row('yixian.timeline.v1', key::text, concat('{"ce_specversion":"1.0","ce_id":"', id, '","ce_type":"', kind,
  '","ce_source":"/yixian/conversation-hub","ce_time":"', hub.iso(now()), '","content-type":"application/json"',
  ',"traceparent":' || to_json(traceparent)::text, '}')::json, value)::bus.record;

-- The same of a value that says its kind and id itself.
create function hub.timeline_record(key uuid, value json) returns bus.record
language sql stable parallel safe
return hub.timeline_record(key, value->>'kind', (value->>'id')::uuid, value::text);

create function hub.append(records bus.record[]) returns int
language plpgsql as $$
begin
  if cardinality(records) > 0 then
    perform bus.append(records);
  end if;
  return cardinality(records);
end $$;
`;

export class HubRecordJson1795309200001 implements MigrationInterface {
  readonly name = 'HubRecordJson1795309200001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [idsAndTimes, shapes, records]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
