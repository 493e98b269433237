import { expect, it } from '@jest/globals';
import type { BusHarness } from '../bus-harness.ts';
import { CASE_TIMEOUT } from '../bus-harness.ts';
import { eventually } from '@yixian/contracts/testing';
import type { Noted } from '../sample-topics.ts';
import { noted, range, Received, sampleTopic, series, sorted } from '../sample-topics.ts';

export function memberCases(harness: () => BusHarness): void {
  it(
    'shares the partitions among the members of a group, and hands them over when one leaves',
    async () => {
      const topic = sampleTopic();
      const [first, second] = [new Received(), new Received()];
      const [one, two] = [await harness().bus([topic]), await harness().bus([topic])];
      const leaving = await one.subscribe({ topic, delivery: { group: 'shared' }, handler: first.handler });
      await two.subscribe({ topic, delivery: { group: 'shared' }, handler: second.handler });
      let last = 0;
      await eventually(async () => {
        await one.publish(series(topic, last + 1, (last += 16), 16));
        expect(first.numbers.length).toBeGreaterThan(0);
        expect(second.numbers.length).toBeGreaterThan(0);
      }, 60_000);
      await leaving.stop();
      const before = first.numbers.length;
      await one.publish(series(topic, last + 1, (last += 16), 16));
      await eventually(
        () => expect(sorted([...first.numbers, ...second.numbers])).toEqual(range(1, last)),
        60_000,
      );
      expect(first.numbers.length).toBe(before);
      for (const { byKey } of [first, second])
        for (const numbers of byKey.values()) expect(numbers).toEqual(sorted(numbers));
    },
    CASE_TIMEOUT,
  );

  it(
    'takes over what a member that died had',
    async () => {
      const topic = sampleTopic();
      const { kill } = harness();
      const [first, second] = [new Received(), new Received()];
      const [one, two] = [await harness().bus([topic]), await harness().bus([topic])];
      const alone = await one.subscribe({ topic, delivery: { group: 'takeover' }, handler: first.handler });
      await alone.ready;
      await two.publish(series(topic, 1, 16, 16));
      await eventually(() => expect(sorted(first.numbers)).toEqual(range(1, 16)));
      await two.subscribe({ topic, delivery: { group: 'takeover' }, handler: second.handler });
      await (kill ? kill(one) : one.close());
      await two.publish(series(topic, 17, 48, 16));
      await eventually(
        () => expect(sorted([...first.numbers, ...second.numbers])).toEqual(range(1, 48)),
        60_000,
      );
    },
    CASE_TIMEOUT,
  );

  it(
    'gives every process every event from now on',
    async () => {
      const topic = sampleTopic();
      const [first, second] = [new Received(), new Received()];
      const [one, two] = [await harness().bus([topic]), await harness().bus([topic])];
      await one.publish(series(topic, 1, 10));
      const subscribed = [
        await one.subscribe({ topic, delivery: 'every', handler: first.handler }),
        await two.subscribe({ topic, delivery: 'every', handler: second.handler }),
      ];
      await Promise.all(subscribed.map(({ ready }) => ready));
      await one.publish(series(topic, 11, 40));
      for (const { numbers } of [first, second].map((received) => received))
        expect(numbers.every((n) => n > 10)).toBe(true);
      await eventually(() => expect(sorted(first.numbers)).toEqual(range(11, 40)));
      await eventually(() => expect(sorted(second.numbers)).toEqual(range(11, 40)));
      expect(first.numbers.length).toBe(30);
    },
    CASE_TIMEOUT,
  );

  it(
    'gives every process the newest of every key, then what follows',
    async () => {
      const topic = sampleTopic({ cleanup: 'compact', retentionMs: -1, partitions: 1 });
      const bus = await harness().bus([topic]);
      for (const n of range(1, 5)) await bus.publish([noted(topic, 'a', n), noted(topic, 'b', n * 10)]);
      await bus.publish([noted(topic, 'c', 7)]);
      const received = new Received();
      const { ready } = await bus.subscribe({ topic, delivery: 'state', handler: received.handler });
      await ready;
      expect(Object.fromEntries([...received.byKey].map(([key, numbers]) => [key, numbers.at(-1)]))).toEqual({
        a: 5,
        b: 50,
        c: 7,
      });
      expect(received.numbers.length).toBe(3);
      await bus.publish([noted(topic, 'a', 6)]);
      await eventually(() => expect(received.numbers.at(-1)).toBe(6));
    },
    CASE_TIMEOUT,
  );

  it(
    'is ready at once with the state of an empty topic',
    async () => {
      const topic = sampleTopic({ cleanup: 'compact', retentionMs: -1, partitions: 1 });
      const bus = await harness().bus([topic]);
      const received = new Received();
      const { ready } = await bus.subscribe({ topic, delivery: 'state', handler: received.handler });
      await ready;
      expect(received.numbers).toEqual([]);
    },
    CASE_TIMEOUT,
  );

  it(
    'waits for the running batch when it is closed, and does not give it to anybody again',
    async () => {
      const topic = sampleTopic({ partitions: 1 });
      const [one, two] = [await harness().bus([topic]), await harness().bus([topic])];
      const received = new Received();
      let letGo = (): void => {};
      let aborted = false;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      await one.subscribe<Noted>({
        topic,
        delivery: { group: 'drain' },
        maxBatch: 1,
        handler: async (batch, context) => {
          context.signal.addEventListener('abort', () => (aborted = true));
          await received.handler(batch, context);
          await held;
        },
      });
      await one.publish(series(topic, 1, 2));
      await eventually(() => received.numbers.length === 1);
      let closed = false;
      const closing = one.close().then(() => (closed = true));
      await eventually(() => aborted);
      expect(closed).toBe(false);
      letGo();
      await closing;
      const rest = new Received();
      await two.subscribe({ topic, delivery: { group: 'drain' }, handler: rest.handler });
      await eventually(() => expect(rest.numbers).toEqual([2]), 60_000);
      await expect(one.publish([noted(topic, 'a', 3)])).rejects.toMatchObject({ code: 'bus_unavailable' });
    },
    CASE_TIMEOUT,
  );

  it(
    'says that it is well',
    async () => {
      const bus = await harness().bus([]);
      await eventually(async () =>
        expect(await bus.health()).toEqual({ ok: true, pending: 0, oldestPendingMs: 0 }),
      );
      await bus.close();
      expect((await bus.health()).ok).toBe(false);
    },
    CASE_TIMEOUT,
  );
}
