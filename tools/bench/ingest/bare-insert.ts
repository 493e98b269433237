import type { TestServer } from '@yixian/database/testing';
import pg from 'pg';
import type { Contender } from './contender.ts';

const table = `
drop schema if exists bare cascade;
create schema bare;
create table bare.message (
  id uuid primary key, conversation text not null, seq bigint not null, at timestamptz not null,
  channel text not null, account text not null, native_id text not null, sender jsonb not null, text text not null,
  payload jsonb not null, unique (conversation, seq)
)`;

const insert = {
  name: 'bare',
  text: `insert into bare.message
    select r.id, r.address, $2::bigint + row_number() over (), r."occurredAt", r.channel, r.account, r."nativeId",
      r.sender, r.text, r.payload
    from jsonb_to_recordset($1) as r (id uuid, address text, "occurredAt" timestamptz, channel text, account text,
      "nativeId" text, sender jsonb, text text, payload jsonb)
    on conflict do nothing`,
};

/** One statement per batch that only inserts: the fastest way to store messages without a file of one's own. */
export class BareInsert implements Contender {
  readonly name = 'bare insert';
  readonly amount = 30_000;
  private stored = 0;

  private constructor(private readonly client: pg.Client) {}

  static async open(server: TestServer): Promise<BareInsert> {
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    await client.query(table);
    return new BareInsert(client);
  }

  async take(batch: string[]): Promise<void> {
    await this.client.query({ ...insert, values: [`[${batch.join()}]`, this.stored] });
    this.stored += batch.length;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
