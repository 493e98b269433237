import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { busSchema } from '@yixian/bus';
import { newId, systemClock, timestamp } from '@yixian/contracts';
import type { AccountId, Address, ChannelName } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import { eventually } from '@yixian/contracts/testing';
import { channelSchema } from '../channel-schema.ts';
import type { TranscriptLine } from '../channel.ts';
import { TranscriptFeed } from './transcript-feed.ts';
import { TranscriptTable } from './transcript-table.ts';
import type { NewLine } from './transcript-table.ts';

const name = 'paper' as ChannelName;
const whose = { account: 'main' as AccountId, address: 'ann' as Address };

describe('the feed of transcripts', () => {
  let database: Database;
  let table: TranscriptTable;
  let feed: TranscriptFeed;
  let told: string[];
  /** Another process. */
  let elsewhere: TranscriptTable;
  beforeEach(async () => {
    database = await freshDatabase({ parts: [busSchema, channelSchema] });
    await thereAre(2);
    table = new TranscriptTable(name, newId(), database);
    elsewhere = new TranscriptTable(name, newId(), database);
    told = [];
    const channel = {
      onTranscript: (_: AccountId, __: Address, lines: TranscriptLine[]) =>
        void told.push(...lines.map(({ position, text }) => `${position} ${text}`)),
    };
    feed = new TranscriptFeed(channel, name, table, { database, log: pino({ level: 'silent' }) });
    await feed.start();
  });
  afterEach(async () => {
    await feed.stop();
    await database.close();
  });

  const thereAre = async (processes: number): Promise<void> => {
    await database.query('delete from bus.member');
    for (let n = 0; n < processes; n++)
      await database.query(`insert into bus.member values ($1, now() + interval '3 s')`, [newId()]);
  };

  const line = (text: string): NewLine => ({
    ...whose,
    id: newId(),
    from: 'customer',
    authorName: null,
    text,
    attachments: [],
    payload: {},
    at: timestamp(systemClock),
  });

  test('sends no news where nobody else is, and does for somebody who is only silent', async () => {
    const heard: string[] = [];
    await database.listen('channel_transcript', (payload) => heard.push(payload));
    await thereAre(1);
    await table.append(database, [line('one')]);
    await thereAre(2);
    await database.query(`update bus.member set alive_until = now() - interval '50 s'`);
    await table.append(database, [line('two'), line('three')]);
    await eventually(() => expect(heard).toHaveLength(1));
    expect(JSON.parse(heard[0]!)).toMatchObject({ first: 2, last: 3 });
  });

  test('fills a hole that news left', async () => {
    await elsewhere.append(database, [line('one')]);
    await eventually(() => expect(told).toEqual(['1 one']));
    // Under our own name it is no news to us: as if it had been lost.
    await table.append(database, [line('two')]);
    await elsewhere.append(database, [line('three')]);
    await eventually(() => expect(told).toEqual(['1 one', '2 two', '3 three']));
  });

  test('tells its own lines at once, and nothing twice', async () => {
    const appended = await table.append(database, [line('one'), line('two')]);
    feed.appended(appended);
    feed.appended(appended);
    await elsewhere.append(database, [line('three')]);
    await eventually(() => expect(told).toEqual(['1 one', '2 two', '3 three']));
  });

  test('tells a customer who has read on from there', async () => {
    await table.append(database, [line('one'), line('two')]);
    feed.hasRead(whose, await table.read(whose.account, whose.address, { limit: 10 }));
    await table.append(database, [line('three')]);
    await elsewhere.append(database, [line('four')]);
    await eventually(() => expect(told).toEqual(['3 three', '4 four']));
  });

  test('looks what was missed after the connection was lost', async () => {
    await elsewhere.append(database, [line('one')]);
    await eventually(() => expect(told).toEqual(['1 one']));
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like '%listener'`,
    );
    await table.append(database, [line('two')]);
    await eventually(() => expect(told).toEqual(['1 one', '2 two']));
  });

  test('gives a line that comes alone the next position, and one that is there the one it has', async () => {
    const positions = async (...lines: NewLine[]) =>
      (await table.append(database, lines)).map(({ position, added }) => [position, added]);
    const [one, two] = [line('one'), line('two')];
    expect(await positions(one)).toEqual([[1, true]]);
    expect(await positions(two)).toEqual([[2, true]]);
    expect(await positions(one)).toEqual([[1, false]]);
    const both = [line('three'), line('four')];
    await Promise.all(both.map((each) => positions(each)));
    const again = expect.any(Number);
    expect(await positions(two, ...both, line('five'))).toEqual([
      [2, false],
      [again, false],
      [again, false],
      [5, true],
    ]);
    expect(
      (await table.read(whose.account, whose.address, { limit: 9 })).map(({ position }) => position),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  test('gives positions to lines of many customers in one call, once each', async () => {
    const lines = ['a', 'b', 'a', 'b', 'a'].map((address, n) => ({
      ...line(`${n}`),
      address: address as Address,
    }));
    const first = await table.append(database, lines);
    expect(first.map(({ position, added }) => [position, added])).toEqual([
      [1, true],
      [1, true],
      [2, true],
      [2, true],
      [3, true],
    ]);
    const again = await table.append(database, [lines[4]!, { ...line('new'), address: 'b' as Address }]);
    expect(again.map(({ position, added }) => [position, added])).toEqual([
      [3, false],
      [3, true],
    ]);
  });
});
