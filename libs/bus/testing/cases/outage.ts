import { expect, it } from '@jest/globals';
import type { OpenHarness } from '../bus-harness.ts';
import { CASE_TIMEOUT } from '../bus-harness.ts';
import { eventually } from '@yixian/contracts/testing';
import { noted, range, Received, sampleTopic, series, sorted } from '../sample-topics.ts';

export function outageCases(open: OpenHarness): void {
  it(
    'refuses what it cannot store, says so, and goes on by itself afterwards',
    async () => {
      const harness = await open({ outage: true });
      try {
        const topic = sampleTopic();
        const bus = await harness.bus([topic]);
        const received = new Received();
        await bus.subscribe({ topic, delivery: { group: 'outage' }, handler: received.handler });
        await bus.publish(series(topic, 1, 20));
        await eventually(() => expect(sorted(received.numbers)).toEqual(range(1, 20)));
        const outage = await harness.outage!();
        await expect(bus.publish([noted(topic, 'k1', 99)])).rejects.toMatchObject({
          code: 'bus_unavailable',
          retryable: true,
        });
        expect(await bus.health()).toMatchObject({ ok: false, reason: expect.any(String) });
        bus.wake();
        await outage.end();
        await eventually(() => bus.publish([noted(topic, 'k1', 21)]), 60_000);
        await bus.publish(series(topic, 22, 40));
        await eventually(() => expect(sorted(received.numbers)).toEqual(range(1, 40)), 60_000);
        await eventually(async () => (await bus.health()).ok, 60_000);
      } finally {
        await harness.close();
      }
    },
    CASE_TIMEOUT,
  );
}
