import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { TestServer } from '@yixian/database/testing';
import { freshDatabase, testServer } from '@yixian/database/testing';
import pino from 'pino';
import { eventually } from '@yixian/contracts/testing';
import { range, Received, sampleTopic, series } from '../../testing/sample-topics.ts';
import { busSchema } from '../log/bus-schema.ts';
import { PostgresBus } from '../postgres.bus.ts';

// To make a server takes its time beside a busy broker.
jest.setTimeout(120_000);

describe('a crash of the server that takes back what was not on disk', () => {
  const topic = sampleTopic({ partitions: 1 });
  let database: Database;
  let bus: PostgresBus;
  beforeAll(async () => {
    database = await freshDatabase({ parts: [busSchema] });
    const log = pino({ level: 'silent' });
    bus = await PostgresBus.open({
      database,
      clock: systemClock,
      log,
      source: '/yixian/test',
      topics: [topic],
    });
  });
  afterAll(async () => {
    await bus.close();
    await database.close();
  });

  it('does not keep those who had read it from what takes its place', async () => {
    const [group, every] = [new Received(), new Received()];
    const subscribed = [
      await bus.subscribe({ topic, delivery: { group: 'g' }, handler: group.handler }),
      await bus.subscribe({ topic, delivery: 'every', handler: every.handler }),
    ];
    await Promise.all(subscribed.map(({ ready }) => ready));
    await bus.publish(series(topic, 1, 10));
    await eventually(() => expect([group.numbers, every.numbers]).toEqual([range(1, 10), range(1, 10)]));
    await eventually(async () => {
      const [row] = await database.query<{ next: number }>('select next_offset as next from bus.cursor');
      expect(row).toEqual({ next: 10 });
    });
    await database.transaction(async (tx) => {
      await tx.query('delete from bus.log where "offset" >= 6');
      await tx.query('update bus.partition set next_offset = 6');
      await tx.query('update bus.cursor set next_offset = 5');
    });
    await eventually(() => expect(group.numbers.at(-1)).toBe(6));
    await bus.publish(series(topic, 11, 12));
    await eventually(() => expect(group.numbers.slice(10)).toEqual([6, 11, 12]));
    await eventually(() => expect(every.numbers.slice(10)).toEqual([11, 12]));
  });
});

describe('kill -9 of a server that had not written everything', () => {
  const topic = sampleTopic({ partitions: 1 });
  const log = pino({ level: 'silent' });
  let server: TestServer;
  let database: Database;
  let bus: PostgresBus;
  beforeAll(async () => {
    // Whatever else commits, a sign of life for one, must not write what stands before it.
    const settings = {
      wal_writer_delay: '10000ms',
      wal_writer_flush_after: '1GB',
      synchronous_commit: 'off',
    };
    server = await testServer({ settings });
    database = await server.database({ parts: [busSchema] });
    bus = await PostgresBus.open({
      database,
      clock: systemClock,
      log,
      source: '/yixian/test',
      topics: [topic],
    });
  });
  afterAll(async () => {
    await bus?.close();
    await server?.remove();
  });

  it('keeps nobody from hearing what takes the place of what was taken back', async () => {
    const every = new Received();
    const { ready } = await bus.subscribe({ topic, delivery: 'every', handler: every.handler });
    await ready;
    await database.transaction(async (tx) => {
      await tx.query('set local synchronous_commit = on');
      await bus.publishWith(tx, series(topic, 1, 10));
    });
    await bus.publish(series(topic, 11, 15));
    await eventually(() => expect(every.numbers.at(-1)).toBe(15));
    await server.kill();
    await server.start();
    const head = async (): Promise<number> =>
      (await database.query<{ next: number }>('select next_offset as next from bus.partition'))[0]!.next;
    expect(await eventually(head, 60_000)).toBe(10);
    await eventually(() => bus.publish(series(topic, 21, 40)).then(() => true), 60_000);
    const heard = (): number[] => [...new Set(every.numbers)].filter((n) => n > 20);
    await eventually(() => expect(heard()).toEqual(range(21, 40)), 60_000);
  });
});
