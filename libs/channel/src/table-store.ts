import type { ChannelName, Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { ChannelStore } from './channel.ts';

const get = {
  name: 'channel.store.get',
  text: `select value from channel.store where channel = $1 and key = $2 and (expires_at is null or expires_at > $3)`,
};
const put = {
  name: 'channel.store.put',
  text: `insert into channel.store (channel, key, value, expires_at) values ($1, $2, $3, $4)
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

/** A channel's own small state, in a table that all channels share. */
export class TableStore implements ChannelStore {
  constructor(
    private readonly channel: ChannelName,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async get<T>(key: string): Promise<T | undefined> {
    const [row] = await this.database.query<{ value: T }>(get, [this.channel, key, this.now()]);
    return row?.value;
  }

  async put(key: string, value: unknown, options: { expiresAt?: number } = {}): Promise<void> {
    await this.database.query(put, [this.channel, key, JSON.stringify(value), dateOf(options.expiresAt)]);
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

  private now(): Date {
    return new Date(this.clock.now());
  }
}

const dateOf = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
