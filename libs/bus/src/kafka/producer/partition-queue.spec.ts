import { PartitionQueue } from './partition-queue.ts';
import type { WeighedPending } from './produced-record.ts';

const most = { records: 2, bytes: 100 };
const ignore = () => undefined;

function pending(value: string, settings: Partial<WeighedPending> = {}): WeighedPending {
  const record = { topic: 't', partition: 0, key: 'k', headers: {}, value };
  return { record, bytes: 10, since: 0, withdrawable: true, resolve: ignore, reject: ignore, ...settings };
}

function queueOf(...records: WeighedPending[]): PartitionQueue {
  const queue = new PartitionQueue('t', 0);
  for (const record of records) queue.add(record);
  return queue;
}

const values = (list: { record: { value: string } }[]) => list.map(({ record }) => record.value);

test('one batch at a time, and what failed goes first again', () => {
  const queue = queueOf(pending('a'), pending('b'), pending('c'));
  const batch = queue.take(most);
  expect(values(batch.pending)).toEqual(['a', 'b']);
  expect(queue.ready).toBe(false);
  queue.giveBack(batch);
  expect(values(queue.all())).toEqual(['a', 'b', 'c']);
  expect(queue.ready).toBe(true);
});

test('a batch that was given back has no say any more', () => {
  const queue = queueOf(pending('a'));
  const abandoned = queue.take(most);
  queue.giveBack(abandoned);
  const again = queue.take(most);
  expect(queue.finish(abandoned)).toEqual([]);
  expect(queue.ready).toBe(false);
  expect(values(queue.finish(again))).toEqual(['a']);
});

test('what is taken back is neither sent nor settled by the batch it was in', () => {
  const queue = queueOf(pending('a'), pending('kept', { withdrawable: false }), pending('b'));
  const batch = queue.take(most);
  expect(values(queue.withdraw())).toEqual(['a', 'b']);
  expect(values(queue.finish(batch))).toEqual(['kept']);
  expect(queue.all()).toEqual([]);
});

test('a record larger than a batch goes alone', () => {
  const queue = queueOf(pending('large', { bytes: 500 }), pending('b'));
  expect(values(queue.take(most).pending)).toEqual(['large']);
});

test('the oldest that may be taken back is known, under way or not', () => {
  const queue = queueOf(pending('kept', { withdrawable: false, since: 1 }), pending('a', { since: 5 }));
  queue.take({ records: 1, bytes: 100 });
  expect(queue.oldestWithdrawable()).toBe(5);
  queue.withdraw();
  expect(queue.oldestWithdrawable()).toBeUndefined();
});
