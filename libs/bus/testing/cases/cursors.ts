import { expect, it } from '@jest/globals';
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
}
