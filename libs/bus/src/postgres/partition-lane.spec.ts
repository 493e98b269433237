import { expect, it } from '@jest/globals';
import { eventually, TestClock } from '@yixian/contracts/testing';
import type { Delivered, RawRecord } from '../delivery/raw-record.ts';
import type { LaneOptions } from './partition-lane.ts';
import { HANGS_AFTER, PartitionLane } from './partition-lane.ts';

const record = (offset: number): RawRecord => ({
  offset,
  key: 'a',
  headers: {},
  value: '{}',
  timestamp: 0,
});

function aLane(means: Partial<LaneOptions>) {
  const clock = new TestClock();
  const lane = new PartitionLane({
    topic: 't',
    partition: 0,
    next: 5,
    from: 5,
    clock,
    deliver: async () => ({ outcome: 'done', next: 0, from: 0 }),
    stored: async () => 5,
    onHungry: () => {},
    ...means,
  });
  return { clock, lane };
}

it('takes nothing until it knows where the cursor stands, however long that cannot be read', async () => {
  const answers: (() => Promise<number>)[] = [
    () => Promise.reject(new Error('away')),
    () => Promise.reject(new Error('away')),
    () => Promise.resolve(7),
  ];
  const { clock, lane } = aLane({
    deliver: async (): Promise<Delivered> => ({ outcome: 'stale' }),
    stored: () => answers.shift()!(),
  });
  lane.take([record(5), record(6), record(7), record(8)]);
  expect(lane.next).toBe(9);
  for (const left of [2, 1]) {
    await eventually(() => expect(answers.length).toBe(left));
    expect(lane.hungry).toBe(false);
    clock.advance(250);
    await eventually(() => {
      clock.advance(250);
      expect(answers.length).toBeLessThan(left);
    });
  }
  await eventually(() => expect(lane.hungry).toBe(true));
  expect(lane.next).toBe(7);
});

it('tells of a delivery that hangs, and stops without it once it is abandoned', async () => {
  let hung = 0;
  const { clock, lane } = aLane({ deliver: () => new Promise(() => {}), onHung: () => hung++ });
  lane.take([record(5)]);
  clock.advance(HANGS_AFTER - 1);
  expect(hung).toBe(0);
  clock.advance(1);
  expect(hung).toBe(1);
  lane.abandon();
  await lane.stop();
});
