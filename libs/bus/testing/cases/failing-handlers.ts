import { expect, it } from '@jest/globals';
import type { Batch } from '../../src/bus.ts';
import type { BusHarness } from '../bus-harness.ts';
import { CASE_TIMEOUT } from '../bus-harness.ts';
import { eventually } from '@yixian/contracts/testing';
import type { Noted } from '../sample-topics.ts';
import { noted, range, Received, sampleTopic, series, sorted } from '../sample-topics.ts';

class Passing extends Error {
  readonly retryable = true;
}

export function failingHandlerCases(harness: () => BusHarness): void {
  it(
    'gives a batch again when the handler failed, and skips nothing',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const received = new Received();
      const failures = new Map<number, number>();
      await bus.publish(series(topic, 1, 60));
      await bus.subscribe<Noted>({
        topic,
        delivery: { group: 'failing' },
        handler: async (batch, context) => {
          const failed = failures.get(batch.partition) ?? 0;
          failures.set(batch.partition, failed + 1);
          if (failed < 2) throw new TypeError('not yet');
          await received.handler(batch, context);
        },
      });
      await eventually(() => expect(sorted(received.numbers)).toEqual(range(1, 60)));
      for (const numbers of received.byKey.values()) expect(numbers).toEqual(sorted(numbers));
      expect((await lettersOf(bus, topic.name)).length).toBe(0);
    },
    CASE_TIMEOUT,
  );

  it(
    'waits with the partition that has a passing trouble, while the others go on',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const received = new Received();
      let troubled: number | undefined;
      let attempts = 0;
      let over = false;
      await bus.subscribe<Noted>({
        topic,
        delivery: { group: 'passing' },
        handler: async (batch, context) => {
          troubled ??= batch.partition;
          if (batch.partition === troubled && !over) {
            attempts += 1;
            throw new Passing('the database is away');
          }
          await received.handler(batch, context);
        },
      });
      await bus.publish([noted(topic, 'k0', 0)]);
      await eventually(() => attempts >= 2);
      await bus.publish(series(topic, 1, 80));
      const elsewhere = (batch: Batch<Noted>): boolean => batch.partition !== troubled;
      await eventually(() =>
        expect(received.batches.filter(elsewhere).flatMap(({ events }) => events).length).toBeGreaterThan(0),
      );
      await eventually(() => attempts >= 4);
      expect(received.batches.every(elsewhere)).toBe(true);
      over = true;
      await eventually(() => expect(sorted(received.numbers)).toEqual(range(0, 80)));
      for (const numbers of received.byKey.values()) expect(numbers).toEqual(sorted(numbers));
      expect((await lettersOf(bus, topic.name)).length).toBe(0);
    },
    CASE_TIMEOUT,
  );

  it(
    'sets aside what nobody can read and what no handler can take, lets the rest go on, and replays',
    async () => {
      const topic = sampleTopic({ partitions: 1 });
      const { database, put } = harness();
      const bus = await harness().bus([topic]);
      const received = new Received();
      let mended = false;
      await bus.publish([noted(topic, 'a', 1)]);
      await put(topic, 'a', 'oops {');
      await put(topic, 'a', '[1]');
      await put(topic, 'a', JSON.stringify({ kind: 'unheard-of', n: 1 }));
      await put(topic, 'a', JSON.stringify({ ...noted(topic, 'a', 1).data, n: 'one' }));
      await put(topic, 'a', null);
      const cursed = noted(topic, 'a', 13);
      await bus.publish([noted(topic, 'a', 2), cursed, noted(topic, 'a', 3), noted(topic, 'a', 4)]);
      await bus.subscribe<Noted>({
        topic,
        delivery: { group: 'poison' },
        handler: async (batch, context) => {
          if (!mended && batch.events.some(({ data }) => data.n === 13)) throw new TypeError('unlucky');
          await received.handler(batch, context);
        },
      });
      await eventually(() => expect(sorted(received.numbers)).toEqual([1, 2, 3, 4]));
      const letters = await lettersOf(bus, topic.name);
      expect(letters.length).toBe(6);
      const [unlucky, empty, ...unreadable] = letters;
      expect(unlucky).toMatchObject({ group: 'poison', key: 'a', replayedAt: null });
      expect(unlucky!.error).toContain('unlucky');
      expect(unlucky!.attempts).toBeGreaterThanOrEqual(3);
      expect(JSON.parse(Buffer.from(unlucky!.value!).toString())).toEqual(cursed.data);
      expect(empty!.value).toBeNull();
      expect(unreadable.map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0]);

      mended = true;
      expect(await bus.deadLetters.replay(unlucky!.id)).toBe('done');
      await eventually(() => expect(received.numbers.at(-1)).toBe(13));
      expect(received.events.at(-1)!.data.id).toBe(cursed.data.id);
      expect(await bus.deadLetters.replay(unlucky!.id)).toBe('settled');
      expect(await bus.deadLetters.replay(empty!.id)).toBe('unreadable');
      expect(await bus.deadLetters.discard(empty!.id)).toBe('done');
      expect(await bus.deadLetters.replay(0)).toBe('missing');
      const [row] = await database.query<{ left: number }>(
        'select count(*)::int as left from bus.dead_letter where topic = $1 and replayed_at is null and discarded_at is null',
        [topic.name],
      );
      expect(row!.left).toBe(4);
    },
    CASE_TIMEOUT,
  );

  it(
    'survives a handler that throws before it does anything',
    async () => {
      const topic = sampleTopic({ partitions: 1 });
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.publish(series(topic, 1, 3));
      await bus.subscribe<Noted>({
        topic,
        delivery: { group: 'sync' },
        handler: (batch, context) => {
          if (batch.events.some(({ data }) => data.n === 2)) throw null;
          return received.handler(batch, context);
        },
      });
      await eventually(() => expect(sorted(received.numbers)).toEqual([1, 3]));
      await eventually(async () => expect((await lettersOf(bus, topic.name)).length).toBe(1));
    },
    CASE_TIMEOUT,
  );
}

async function lettersOf(bus: Awaited<ReturnType<BusHarness['bus']>>, topic: string) {
  const { letters } = await bus.deadLetters.list(null, 1000);
  return letters.filter((letter) => letter.topic === topic);
}
