// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One line after the other, by statements as small as can be: as one statement for all lines it took four times as long
 * for one line, which is what most calls bring.
 */
const append = `
-- Appends lines [{"id", "account", "address", "saidBy", "authorName", "text", "attachments", "payload", "at"}] in their
-- order; those whose id is there already stay where they are. The lock on a customer's head, taken in sorted order,
-- makes positions dense and puts them in the order of commits. Other processes are told of what was added: NOTIFY is
-- part of the transaction, so they hear of it if and only if it happened. Where no other process has been for a minute,
-- nobody is told: the lock of NOTIFY and the words to oneself cost as much as all the rest.
create or replace function channel.append_transcript(of_channel text, lines json, told_by uuid)
returns table (id uuid, "position" bigint, added boolean)
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  l record;
  first bigint;
  place bigint;
  others boolean := not bus.is_alone();
begin
  for l in
    select r.*, lead(r.ordinal) over (partition by r.account, r.address order by r.ordinal) is null as is_last
    from rows from (json_to_recordset(lines) as (id uuid, account text, address text, "saidBy" text, "authorName" text,
      text text, attachments json, payload json, at timestamptz)) with ordinality as r
      (id, account, address, said_by, author_name, text, attachments, payload, at, ordinal)
    order by r.account, r.address, r.ordinal
  loop
    select t.position into place from channel.transcript t where t.id = l.id;
    append_transcript.added := not found;
    if append_transcript.added then
      insert into channel.transcript_head as h (channel, account, address, last_position)
        values (of_channel, l.account, l.address, 1)
        on conflict (channel, account, address) do update set last_position = h.last_position + 1
        returning h.last_position into place;
      insert into channel.transcript (channel, account, address, position, id, said_by, author_name, text, attachments,
          payload, at)
        values (of_channel, l.account, l.address, place, l.id, l.said_by, l.author_name, l.text, l.attachments,
          l.payload, l.at)
        on conflict (id) do nothing;
      if found then
        first := coalesce(first, place);
      else
        -- Another transaction brought this very line while we waited for the head; only we can see the place we took.
        append_transcript.added := false;
        update channel.transcript_head h set last_position = place - 1
          where h.channel = of_channel and h.account = l.account and h.address = l.address;
        select t.position into place from channel.transcript t where t.id = l.id;
      end if;
    end if;
    append_transcript.id := l.id;
    append_transcript."position" := place;
    return next;
    if l.is_last then
      if others and first is not null then
        perform pg_notify('channel_transcript', json_build_object('by', told_by, 'channel', of_channel,
          'account', l.account, 'address', l.address, 'first', first, 'last', h.last_position)::text)
          from channel.transcript_head h
          where h.channel = of_channel and h.account = l.account and h.address = l.address;
      end if;
      first := null;
    end if;
  end loop;
end $$;
`;

export class QuickTranscript1795612900000 implements MigrationInterface {
  readonly name = 'QuickTranscript1795612900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(append);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
