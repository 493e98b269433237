import { expect, it } from '@jest/globals';
import type { BusHarness } from '../bus-harness.ts';
import { CASE_TIMEOUT } from '../bus-harness.ts';
import { eventually } from '@yixian/contracts/testing';
import { noted, range, Received, sampleTopic, series, sorted } from '../sample-topics.ts';

export function orderCases(harness: () => BusHarness): void {
  it(
    'keeps the events of a key in order, whoever publishes at the same time',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'order' }, handler: received.handler });
      for (let first = 1; first <= 600; first += 60) {
        const calls = range(0, 5).map((call) =>
          bus.publish(series(topic, first + call * 10, first + call * 10 + 9, 10)),
        );
        await Promise.all(calls);
      }
      await eventually(() => expect(sorted(received.numbers)).toEqual(range(1, 600)));
      for (const numbers of received.byKey.values()) expect(numbers).toEqual(sorted(numbers));
    },
    CASE_TIMEOUT,
  );

  it(
    'gives a group what was published before it first came',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      await bus.publish(series(topic, 1, 20));
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'late' }, handler: received.handler });
      await eventually(() => expect(sorted(received.numbers)).toEqual(range(1, 20)));
    },
    CASE_TIMEOUT,
  );

  it(
    'hands over batches of one partition, no larger than asked for, whose cursors follow each other',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      await bus.publish(series(topic, 1, 200));
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'cut' }, maxBatch: 7, handler: received.handler });
      await eventually(() => expect(sorted(received.numbers)).toEqual(range(1, 200)));
      for (const { events, cursor } of received.batches) {
        expect(events.length).toBeLessThanOrEqual(7);
        expect(cursor.to).toBe(events.at(-1)!.offset + 1);
      }
      for (const partition of new Set(received.batches.map((batch) => batch.partition))) {
        const cursors = received.batches
          .filter((batch) => batch.partition === partition)
          .map(({ cursor }) => cursor);
        expect(cursors.slice(1).map(({ from }) => from)).toEqual(cursors.slice(0, -1).map(({ to }) => to));
      }
    },
    CASE_TIMEOUT,
  );

  it(
    'goes on where a subscription stopped',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const first = new Received();
      const subscribed = await bus.subscribe({ topic, delivery: { group: 'again' }, handler: first.handler });
      await bus.publish(series(topic, 1, 20));
      await eventually(() => expect(sorted(first.numbers)).toEqual(range(1, 20)));
      await subscribed.stop();
      await bus.publish(series(topic, 21, 40));
      const second = new Received();
      await bus.subscribe({ topic, delivery: { group: 'again' }, handler: second.handler });
      await eventually(() => expect(sorted(second.numbers)).toEqual(range(21, 40)));
      expect(sorted(first.numbers)).toEqual(range(1, 20));
    },
    CASE_TIMEOUT,
  );

  it(
    'carries CloudEvents attributes and the trace of the cause',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'headers' }, handler: received.handler });
      const event = noted(topic, 'a', 1);
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await bus.publish([{ ...event, traceparent }]);
      await eventually(() => received.events.length > 0);
      const { headers } = received.events[0]!;
      expect(headers).toMatchObject({
        ce_specversion: '1.0',
        ce_id: event.data.id,
        ce_type: 'noted',
        ce_source: '/yixian/test',
        'content-type': 'application/json',
        traceparent,
      });
      expect(Date.parse(headers.ce_time!)).not.toBeNaN();
    },
    CASE_TIMEOUT,
  );
}
