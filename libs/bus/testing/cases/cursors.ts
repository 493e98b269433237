import { expect, it } from '@jest/globals';
import type { Transaction } from '@yixian/database';
import type { Batch } from '../../src/bus.ts';
import type { BusHarness } from '../bus-harness.ts';
import { CASE_TIMEOUT } from '../bus-harness.ts';
import { eventually } from '@yixian/contracts/testing';
import type { Noted } from '../sample-topics.ts';
import { noted, range, Received, sampleTopic, series, sorted } from '../sample-topics.ts';

export function cursorCases(harness: () => BusHarness): void {
  it(
    'takes effect exactly once when the cursor is stored with the effect',
    async () => {
      const topic = sampleTopic();
      const { database } = harness();
      await database.query('create table if not exists public.effect (topic text, n int)');
      const bus = await harness().bus([topic]);
      let calls = 0;
      await bus.subscribe<Noted>({
        topic,
        delivery: { group: 'once' },
        cursor: 'handler',
        maxBatch: 10,
        handler: async ({ events, cursor }) => {
          calls += 1;
          await database.transaction(async (tx) => {
            await tx.query('insert into public.effect select $1, unnest($2::int[])', [
              topic.name,
              events.map(({ data }) => data.n),
            ]);
            await bus.advance(tx, cursor);
            if (calls % 3 === 0) throw new Error('crashed before the commit');
          });
          if (calls % 5 === 0) throw new Error('crashed after the commit');
        },
      });
      for (let first = 1; first <= 200; first += 20) await bus.publish(series(topic, first, first + 19));
      const effects = async (): Promise<number[]> => {
        const rows = await database.query<{ n: number }>(
          'select n from public.effect where topic = $1 order by n',
          [topic.name],
        );
        return rows.map(({ n }) => n);
      };
      await eventually(async () => expect(sorted(await effects())).toEqual(range(1, 200)), 60_000);
      expect(await effects()).toEqual(range(1, 200));
    },
    CASE_TIMEOUT,
  );

  it(
    'lets no transaction of a former owner through',
    async () => {
      const topic = sampleTopic({ partitions: 1 });
      const { database } = harness();
      const bus = await harness().bus([topic]);
      const batches: Batch<Noted>[] = [];
      await bus.subscribe<Noted>({
        topic,
        delivery: { group: 'zombie' },
        cursor: 'handler',
        handler: async (batch) => {
          await database.transaction((tx) => bus.advance(tx, batch.cursor));
          batches.push(batch);
        },
      });
      for (const n of range(1, 3)) {
        await bus.publish([noted(topic, 'a', n)]);
        await eventually(() => batches.length === n);
      }
      for (const { cursor } of batches) {
        await expect(database.transaction((tx) => bus.advance(tx, cursor))).rejects.toMatchObject({
          code: 'stale_owner',
        });
        const inSql = database.query('select bus.advance($1, $2, $3, $4, $5)', [
          cursor.group,
          cursor.topic,
          cursor.partition,
          cursor.from,
          cursor.to,
        ]);
        await expect(inSql).rejects.toMatchObject({ code: 'YX001' });
      }
    },
    CASE_TIMEOUT,
  );

  it(
    'publishes with a transaction, or not at all',
    async () => {
      const topic = sampleTopic({ partitions: 1 });
      const { database } = harness();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'outbox' }, handler: received.handler });
      await database.transaction((tx) => bus.publishWith(tx, series(topic, 1, 3)));
      const undone = database.transaction(async (tx) => {
        await bus.publishWith(tx, series(topic, 4, 6));
        throw new Error('changed my mind');
      });
      await expect(undone).rejects.toThrow('changed my mind');
      await database.transaction((tx) => bus.publishWith(tx, series(topic, 7, 9)));
      await eventually(() => expect(received.numbers).toEqual([1, 2, 3, 7, 8, 9]));
    },
    CASE_TIMEOUT,
  );

  it(
    'publishes with a transaction by its connection alone, to topics that nobody knew too',
    async () => {
      const [one, other] = [sampleTopic(), sampleTopic()];
      const connections = await harness().connect(1);
      const bus = await harness().bus([], connections);
      const publish = (tx: Transaction, n: number): Promise<void> =>
        bus.publishWith(tx, [noted(one, 'a', n), noted(other, 'a', n)]);
      const undone = connections.transaction(async (tx) => {
        await publish(tx, 1);
        throw new Error('changed my mind');
      });
      await expect(undone).rejects.toThrow('changed my mind');
      await connections.transaction((tx) => publish(tx, 2));
      await connections.transaction((tx) => publish(tx, 3));
      for (const topic of [one, other]) {
        const received = new Received();
        await bus.subscribe({ topic, delivery: { group: 'alone' }, handler: received.handler });
        await bus.publish([noted(topic, 'b', 4)]);
        await eventually(() => expect(sorted(received.numbers)).toEqual([2, 3, 4]), 30_000);
      }
    },
    CASE_TIMEOUT,
  );

  it(
    'lets two transactions create the same topics, in whatever order',
    async () => {
      const [one, other] = [sampleTopic(), sampleTopic()];
      const members = [await harness().bus([]), await harness().bus([])];
      const { database } = harness();
      const publishing = [...members, ...members].map((bus, index) => {
        const topics = index < 2 ? [one, other] : [other, one];
        const events = topics.map((topic) => noted(topic, `k${index}`, index));
        return database.transaction((tx) => bus.publishWith(tx, events));
      });
      await Promise.all(publishing);
      for (const topic of [one, other]) {
        const received = new Received();
        await members[0]!.subscribe({ topic, delivery: { group: 'both' }, handler: received.handler });
        await eventually(() => expect(sorted(received.numbers)).toEqual([0, 1, 2, 3]), 30_000);
      }
    },
    CASE_TIMEOUT,
  );

  it(
    'publishes what a statement appended, and makes its attributes',
    async () => {
      const topic = sampleTopic({ partitions: 1 });
      const { database } = harness();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'sql' }, handler: received.handler });
      const { data } = noted(topic, 'a', 1);
      await database.query(
        'select bus.append(jsonb_build_array(jsonb_build_object($1::text, $2::text, $3::text, $4::text, $5::text, $6::jsonb)))',
        ['topic', topic.name, 'key', 'a', 'value', JSON.stringify(data)],
      );
      bus.wake();
      await eventually(() =>
        expect(received.events).toMatchObject([
          { key: 'a', data, headers: { ce_id: data.id, ce_type: 'noted' } },
        ]),
      );
    },
    CASE_TIMEOUT,
  );

  it(
    'publishes beside an effect, and gives what the effect gave',
    async () => {
      const topic = sampleTopic({ partitions: 3 });
      const { database } = harness();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'beside' }, handler: received.handler });
      const table = `beside_${topic.name.replaceAll('.', '_')}`;
      await database.query(`create table public.${table} (n int primary key)`);
      const effect = (n: number) => ({
        name: `beside ${topic.name}`,
        text: `insert into public.${table} values ($1) returning n`,
        values: [n],
      });
      expect(await bus.publishBeside(series(topic, 1, 3), effect(1))).toEqual([{ n: 1 }]);
      expect(await bus.publishBeside([noted(topic, 'k', 4)], effect(2))).toEqual([{ n: 2 }]);
      const invalid = { ...noted(topic, 'k', 5), data: { kind: 'noted' } };
      await expect(bus.publishBeside([invalid], effect(3))).rejects.toMatchObject({ code: 'invalid_event' });
      expect(await database.query(`select n from public.${table} order by n`)).toEqual([{ n: 1 }, { n: 2 }]);
      await eventually(() => expect(received.numbers.toSorted()).toEqual([1, 2, 3, 4]));
    },
    CASE_TIMEOUT,
  );

  it(
    'hands on what a statement appends, in order, and nothing when it fails',
    async () => {
      const topic = sampleTopic({ partitions: 2 });
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'appending' }, handler: received.handler });
      const append = (from: number, to: number) => ({
        name: 'test.appending',
        text: 'select sum(count)::int as events from bus.append($1::json)',
        values: [
          JSON.stringify(
            series(topic, from, to, 2).map(({ key, data }) => ({ topic: topic.name, key, value: data })),
          ),
        ],
      });
      expect(await bus.runAppending(append(1, 1))).toEqual([{ events: 1 }]);
      expect(await bus.runAppending(append(2, 9))).toEqual([{ events: 8 }]);
      const nothing = { name: 'test.nothing', text: 'select 1 as one', values: [] };
      expect(await bus.runAppending(nothing)).toEqual([{ one: 1 }]);
      await expect(bus.runAppending({ ...append(10, 10), values: ['{}'] })).rejects.toThrow('non-array');
      expect(await bus.runAppending(append(11, 11))).toEqual([{ events: 1 }]);
      await eventually(() => expect(received.numbers).toHaveLength(10));
      expect(received.byKey).toEqual(
        new Map([
          ['k1', [1, 3, 5, 7, 9, 11]],
          ['k0', [2, 4, 6, 8]],
        ]),
      );
    },
    CASE_TIMEOUT,
  );
}
