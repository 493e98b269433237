import { expect, it } from '@jest/globals';
import { Assignment } from './assignment.ts';

it('knows after a join what still runs of before, until it ends', async () => {
  const before = new Assignment();
  const signal = before.begin(3);
  const after = before.followedBy([3, 4]);
  expect(after.busy).toBe(true);
  expect(signal.aborted).toBe(false);
  let settled = false;
  const settling = after.settled([3]).then(() => (settled = true));
  await Promise.resolve();
  expect(settled).toBe(false);
  before.finish(3);
  await settling;
  expect(after.busy).toBe(false);
});

it('tells what runs of a partition that was taken away to stop', () => {
  const before = new Assignment();
  const signal = before.begin(3);
  before.followedBy([4]);
  expect(signal.aborted).toBe(true);
});
