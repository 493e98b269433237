import type { ChannelName, Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { ChannelStore } from './channel.ts';
import { MicroBatch } from './micro-batch.ts';
import { isRetryable } from './persist.ts';

const get = {
  name: 'channel.store.get',
  text: `select s.key is not null as found, s.value
    from unnest($2::text[]) with ordinality as wanted (key, n)
    left join channel.store s
      on s.channel = $1 and s.key = wanted.key and (s.expires_at is null or s.expires_at > $3)
    order by wanted.n`,
};
/** Rows are taken in the order of their keys, by everybody, so that no two writers wait for each other. */
const put = {
  name: 'channel.store.put',
  text: `insert into channel.store (channel, key, value, expires_at)
    select $1::text, given.* from unnest($2::text[], $3::jsonb[], $4::timestamptz[]) as given (key, value, expires_at)
    order by given.key collate "C"
    on conflict (channel, key) do update set value = excluded.value, expires_at = excluded.expires_at`,
};
const add = {
  name: 'channel.store.add',
  text: `insert into channel.store as s (channel, key, value, expires_at) values ($1, $2, $3, $4)
    on conflict (channel, key) do update set value = excluded.value, expires_at = excluded.expires_at
    where s.expires_at <= $5
    returning key`,
};
const last = {
  name: 'channel.store.last',
  text: `select key, value from channel.store
    where channel = $1 and starts_with(key, $2) and (expires_at is null or expires_at > $3)
    order by key collate "C" desc limit $4`,
};
const remove = {
  name: 'channel.store.delete',
  text: 'delete from channel.store where channel = $1 and key = $2',
};

interface Put {
  key: string;
  value: string;
  expiresAt: Date | null;
}

/**
 * A channel's own small state, in a table that all channels share. What is read or put while the last statement runs
 * goes into the next one together: a rush of messages costs few commits.
 */
export class TableStore implements ChannelStore {
  private readonly gets = new MicroBatch(
    (keys: string[]) => this.getAll(keys),
    (error) => !isRetryable(error),
  );
  private readonly puts = new MicroBatch(
    (puts: Put[]) => this.putAll(puts),
    (error) => !isRetryable(error),
  );

  constructor(
    private readonly channel: ChannelName,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async get<T>(key: string): Promise<T | undefined> {
    return (await this.gets.add(key)) as T | undefined;
  }

  async put(key: string, value: unknown, options: { expiresAt?: number } = {}): Promise<void> {
    await this.puts.add({ key, value: JSON.stringify(value), expiresAt: dateOf(options.expiresAt) });
  }

  async add(key: string, value: unknown, options: { expiresAt?: number } = {}): Promise<boolean> {
    const values = [this.channel, key, JSON.stringify(value), dateOf(options.expiresAt), this.now()];
    return (await this.database.query(add, values)).length > 0;
  }

  async delete(key: string): Promise<void> {
    await this.database.query(remove, [this.channel, key]);
  }

  last<T>(prefix: string, limit: number): Promise<{ key: string; value: T }[]> {
    return this.database.query<{ key: string; value: T }>(last, [this.channel, prefix, this.now(), limit]);
  }

  private async getAll(keys: string[]): Promise<unknown[]> {
    const values = [this.channel, keys, this.now()];
    const rows = await this.database.query<{ found: boolean; value: unknown }>(get, values);
    return rows.map(({ found, value }) => (found ? value : undefined));
  }

  private async putAll(puts: Put[]): Promise<void[]> {
    // Of those for one key, the last is what would remain.
    const last = [...new Map(puts.map((one) => [one.key, one])).values()];
    await this.database.query(put, [
      this.channel,
      last.map(({ key }) => key),
      last.map(({ value }) => value),
      last.map(({ expiresAt }) => expiresAt),
    ]);
    return puts.map(() => undefined);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

const dateOf = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
