import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { waitOf } from './fetch-waits.ts';

type Group = Parameters<typeof waitOf>[0];
type State = Group['subscriptionState'] & Record<'assign' | 'pause', (of: object[]) => void>;

const SubscriptionState = createRequire(import.meta.url)(
  'kafkajs/src/consumer/subscriptionState',
) as new () => State;

const topic = 'letters';
const LEADS = '1';
const LEADS_NOTHING = '2';

/** A group that may wait 5 s, of whose three partitions some are paused. */
function groupWith(paused: number[]): Group {
  const subscriptionState = new SubscriptionState();
  subscriptionState.assign([{ topic, partitions: [0, 1, 2] }]);
  subscriptionState.pause([{ topic, partitions: paused }]);
  return {
    subscriptionState,
    maxWaitTime: 5_000,
    filterPartitionsByNode: (nodeId, of) => (nodeId === LEADS ? of : []),
  };
}

it('waits for long while nothing rests', () => {
  expect(waitOf(groupWith([]), LEADS)).toBe(5_000);
});

it('waits for a moment beside a partition that rests, and for less when all do', () => {
  expect(waitOf(groupWith([1]), LEADS)).toBe(250);
  expect(waitOf(groupWith([0, 1, 2]), LEADS)).toBe(50);
});

it('does not sleep for long where a broker leads nothing, or nobody knows who does', () => {
  expect(waitOf(groupWith([]), LEADS_NOTHING)).toBe(1_000);
  const filterPartitionsByNode = (): never => {
    throw new Error('Topic metadata not loaded.');
  };
  expect(waitOf({ ...groupWith([]), filterPartitionsByNode }, LEADS)).toBe(1_000);
});
