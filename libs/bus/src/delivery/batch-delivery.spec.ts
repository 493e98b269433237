import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import fc from 'fast-check';
import pino from 'pino';
import type { Noted } from '../../testing/sample-topics.ts';
import { noted, range, Received, sampleTopic } from '../../testing/sample-topics.ts';
import type { BatchContext, BatchHandler, Subscription } from '../bus.ts';
import { busSchema } from '../log/bus-schema.ts';
import { BatchDelivery } from './batch-delivery.ts';
import { Cursors } from './cursors.ts';
import type { Delivered, RawRecord } from './raw-record.ts';

const log = pino({ level: 'silent' });

class Passing extends Error {
  readonly retryable = true;
}

describe('BatchDelivery', () => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase({ parts: [busSchema] });
  });
  afterAll(() => database.close());

  const context = (signal = new AbortController().signal): BatchContext => ({
    signal,
    heartbeat: async () => {},
  });
  const record = (
    n: number,
    value: string | null = JSON.stringify(noted(sampleTopic(), 'a', n).data),
  ): RawRecord => {
    return { offset: n, key: 'a', headers: {}, value, timestamp: 0 };
  };

  function prepared(handler: BatchHandler<Noted>, settings: Partial<Subscription> = {}) {
    const topic = sampleTopic();
    const subscription = { topic, delivery: { group: 'g' }, handler: handler as BatchHandler, ...settings };
    const delivery = new BatchDelivery(subscription, { database, log });
    const letters = async (): Promise<number[]> => {
      const rows = await database.query<{ offset: number }>(
        'select "offset" from bus.dead_letter where topic = $1 order by 1',
        [topic.name],
      );
      return rows.map(({ offset }) => offset);
    };
    const deliver = (records: RawRecord[], from: number | null, signal?: AbortSignal): Promise<Delivered> =>
      delivery.deliver({ topic, partition: 0, records, from }, context(signal));
    return { topic, deliver, letters };
  }

  it('finds exactly the events that fail, and gives all others once and in order', async () => {
    const failing = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(failing, fc.integer({ min: 1, max: 40 }), async (cursed, maxBatch) => {
        const received = new Received();
        const { deliver, letters, topic } = prepared(
          async (batch, ctx) => {
            if (batch.events.some(({ data }) => cursed.includes(data.n))) throw new TypeError('cursed');
            await received.handler(batch, ctx);
          },
          { maxBatch },
        );
        let left = range(0, 30).map((n) => record(n));
        let from: number | null = null;
        for (;;) {
          const delivered: Delivered = await deliver(left, from);
          if (delivered.outcome !== 'done' && delivered.outcome !== 'retry')
            throw new Error(delivered.outcome);
          left = left.filter(({ offset }) => offset >= delivered.next);
          from = delivered.from;
          if (delivered.outcome === 'done') break;
        }
        expect(received.numbers).toEqual(range(0, 30).filter((n) => !cursed.includes(n)));
        expect(await letters()).toEqual(cursed.toSorted((a, b) => a - b));
        expect((await new Cursors(database).read('g', topic.name)).get(0)).toBe(31);
      }),
      { numRuns: 12 },
    );
  });

  it('says where to go on after a passing failure, and where the cursor stands', async () => {
    let away = true;
    const { deliver, letters } = prepared(
      async ({ events }) => {
        if (away && events.some(({ data }) => data.n >= 2)) throw new Passing('away');
      },
      { maxBatch: 2 },
    );
    const records = range(0, 3).map((n) => record(n));
    expect(await deliver(records, null)).toMatchObject({ outcome: 'retry', next: 2, from: 2 });
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect(await deliver(records.slice(2), 2)).toMatchObject({ outcome: 'retry', next: 2, from: 2 });
    }
    away = false;
    expect(await deliver(records.slice(2), 2)).toEqual({ outcome: 'done', next: 4, from: 4 });
    expect(await letters()).toEqual([]);
  });

  it('keeps a cursor that was never stored as it is while nothing is settled', async () => {
    const { deliver } = prepared(async () => Promise.reject(new Passing('away')));
    expect(await deliver([record(7)], null)).toMatchObject({ outcome: 'retry', next: 7, from: null });
  });

  it('is stale when the cursor is elsewhere', async () => {
    const { deliver, topic } = prepared(async () => {});
    await new Cursors(database).initialise('g', topic.name, 0, 5);
    expect(await deliver([record(0)], null)).toEqual({ outcome: 'stale' });
    expect(await deliver([record(3)], 3)).toEqual({ outcome: 'stale' });
    expect(await deliver([record(5)], 5)).toEqual({ outcome: 'done', next: 6, from: 6 });
  });

  it('stops between batches when the signal aborts, and keeps what was done', async () => {
    const abort = new AbortController();
    const received = new Received();
    const { deliver, topic } = prepared(
      async (batch, ctx) => {
        await received.handler(batch, ctx);
        abort.abort();
      },
      { maxBatch: 1 },
    );
    expect(await deliver([record(0), record(1)], null, abort.signal)).toEqual({ outcome: 'stopped' });
    expect(received.numbers).toEqual([0]);
    expect((await new Cursors(database).read('g', topic.name)).get(0)).toBe(1);
  });

  it('keeps bytes that are no text as they came', async () => {
    const { deliver, topic } = prepared(async () => {});
    const value = Uint8Array.from([0xff, 0x00, 0xfe]);
    expect(await deliver([{ ...record(0), value }], null)).toMatchObject({ outcome: 'done', next: 1 });
    const rows = await database.query<{ value: Buffer }>(
      'select value from bus.dead_letter where topic = $1',
      [topic.name],
    );
    expect([...rows[0]!.value]).toEqual([0xff, 0x00, 0xfe]);
  });

  it('passes over deletions in a compacted topic, and moves the cursor past them', async () => {
    const received = new Received();
    const { topic } = prepared(received.handler);
    const compact = { ...topic, cleanup: 'compact' as const };
    const subscription = {
      topic: compact,
      delivery: { group: 'g' },
      handler: received.handler as BatchHandler,
    };
    const delivery = new BatchDelivery(subscription, { database, log });
    const raw = { topic: compact, partition: 0, records: [record(0), record(1, null)], from: null };
    expect(await delivery.deliver(raw, context())).toEqual({ outcome: 'done', next: 2, from: 2 });
    expect(received.numbers).toEqual([0]);
  });
});
