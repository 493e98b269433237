import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChannelName } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { channelSchema } from './channel-schema.ts';
import { TableStore } from './table-store.ts';

describe('the store of a channel', () => {
  const clock = new TestClock();
  let database: Database;
  let store: TableStore;
  beforeAll(async () => {
    database = await freshDatabase({ parts: [channelSchema] });
    store = new TableStore('paper' as ChannelName, database, clock);
  });
  afterAll(() => database.close());

  test.each([[{ a: [1, null] }], ['text'], [0], [false], [null]])('keeps %j', async (value) => {
    await store.put('value', value);
    expect(await store.get('value')).toEqual(value);
  });

  test('forgets what was deleted, and never had the rest', async () => {
    await store.put('gone', 1);
    await store.delete('gone');
    expect(await store.get('gone')).toBeUndefined();
    expect(await new TableStore('other' as ChannelName, database, clock).get('value')).toBeUndefined();
  });

  test('adds only what is absent or expired', async () => {
    const expiresAt = clock.now() + 1000;
    expect(await store.add('nonce', 1, { expiresAt })).toBe(true);
    expect(await store.add('nonce', 2)).toBe(false);
    expect(await store.get('nonce')).toBe(1);
    clock.advance(1000);
    expect(await store.get('nonce')).toBeUndefined();
    expect(await store.add('nonce', 3)).toBe(true);
    expect(await store.get('nonce')).toBe(3);
  });

  test('gives the last of those that begin alike', async () => {
    for (const n of ['1', '2', '3']) await store.put(`list:${n}`, Number(n));
    await store.put('list:4', 4, { expiresAt: clock.now() });
    await store.put('listless', 5);
    expect(await store.last('list:', 2)).toEqual([
      { key: 'list:3', value: 3 },
      { key: 'list:2', value: 2 },
    ]);
  });

  test('lets one of many win', async () => {
    const won = await Promise.all(Array.from({ length: 20 }, (_, n) => store.add('race', n)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test('keeps the last of what is put under one key at once', async () => {
    await Promise.all([1, 2, 3].map((n) => store.put('many', n)));
    expect(await store.get('many')).toBe(3);
  });

  test('gives each who asks at once his own, and nothing for what is not there', async () => {
    await Promise.all(['a', 'b'].map((key) => store.put(`own:${key}`, { key })));
    const [one, same, none, other] = await Promise.all(
      ['a', 'a', 'c', 'b'].map((key) => store.get(`own:${key}`)),
    );
    expect([one, none, other]).toEqual([{ key: 'a' }, undefined, { key: 'b' }]);
    expect(one).not.toBe(same);
  });

  test('refuses what cannot be kept, and keeps what was put beside it', async () => {
    const puts = await Promise.allSettled([
      store.put('beside:first', 0),
      store.put('beside:1', 1),
      store.put('beside:bad', '\0'),
      store.put('beside:2', 2),
    ]);
    expect(puts.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await store.get('beside:2')).toBe(2);
  });
});
