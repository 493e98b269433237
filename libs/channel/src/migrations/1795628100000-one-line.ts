// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One line by two statements: most calls bring one, and to make a statement ready to run costs more than to run it once.
 * What it does is what channel.append_transcript does.
 */
const one = `
create type channel.line as (id uuid, account text, address text, "saidBy" text, "authorName" text, text text,
  attachments json, payload json, at timestamptz);

create function channel.append_line(of_channel text, line json, told_by uuid, out id uuid, out "position" bigint, out added boolean)
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  l channel.line := json_populate_record(null::channel.line, line);
begin
  append_line.id := l.id;
  insert into channel.transcript_head as h (channel, account, address, last_position)
    values (of_channel, l.account, l.address, 1)
    on conflict (channel, account, address) do update set last_position = h.last_position + 1
    returning h.last_position into append_line."position";
  insert into channel.transcript (channel, account, address, position, id, said_by, author_name, text, attachments,
      payload, at)
    values (of_channel, l.account, l.address, append_line."position", l.id, l."saidBy", l."authorName", l.text,
      l.attachments, l.payload, l.at)
    on conflict (id) do nothing;
  append_line.added := found;
  if not append_line.added then
    -- It is there already; only we can see the place we took.
    update channel.transcript_head h set last_position = append_line."position" - 1
      where h.channel = of_channel and h.account = l.account and h.address = l.address;
    select t.position into append_line."position" from channel.transcript t where t.id = l.id;
  elsif not bus.is_alone() then
    perform pg_notify('channel_transcript', json_build_object('by', told_by, 'channel', of_channel,
      'account', l.account, 'address', l.address, 'first', append_line."position", 'last', append_line."position")::text);
  end if;
end $$;
`;

export class OneLine1795628100000 implements MigrationInterface {
  readonly name = 'OneLine1795628100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(one);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
