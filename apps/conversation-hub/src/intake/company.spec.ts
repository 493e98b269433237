import type { Batch } from '@yixian/bus';
import type { InboundEvent } from '@yixian/contracts';
import { Company } from './company.ts';
import type { Work as CompanyWork } from './company.ts';

const batch = (partition: number, events = 1): Batch<InboundEvent> => ({
  topic: 'in',
  partition,
  events: Array.from({ length: events }) as Batch<InboundEvent>['events'],
  cursor: { group: 'hub', topic: 'in', partition, from: 0, to: events },
});

/** Work that waits to be told how it ends. */
class Work {
  readonly begun: number[][] = [];
  readonly patient: boolean[] = [];
  private readonly ends: { resolve(): void; reject(error: Error): void }[] = [];

  readonly do: CompanyWork = (batches, { patient }) =>
    new Promise((resolve, reject) => {
      this.patient.push(patient);
      this.begun.push(batches.map(({ partition }) => partition));
      this.ends.push({ resolve, reject });
    });

  async end(index: number, error?: Error): Promise<void> {
    if (error) this.ends[index]!.reject(error);
    else this.ends[index]!.resolve();
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const outcomes = (calls: Promise<void>[]) =>
  calls.map((call) => {
    const outcome = { is: 'open' };
    call.then(
      () => (outcome.is = 'done'),
      (error: Error) => (outcome.is = error.message),
    );
    return outcome;
  });

test('what comes while a company is under way makes up the next', async () => {
  const work = new Work();
  const company = new Company(work.do);
  const first = outcomes([company.take(batch(1)), company.take(batch(2))]);
  await settle();
  const second = outcomes([company.take(batch(3)), company.take(batch(4)), company.take(batch(5))]);
  await settle();
  expect(work.begun).toEqual([[1, 2]]);
  await work.end(0);
  expect(first).toEqual([{ is: 'done' }, { is: 'done' }]);
  expect(work.begun).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  await work.end(1);
  expect(second.map(({ is }) => is)).toEqual(['done', 'done', 'done']);
});

test('a company has an end', async () => {
  const work = new Work();
  const company = new Company(work.do);
  outcomes([company.take(batch(0, 800)), ...[1, 2, 3].map((n) => company.take(batch(n, 200)))]);
  await settle();
  await work.end(0);
  await work.end(1);
  expect(work.begun).toEqual([[0], [1, 2], [3]]);
});

test('one that makes a company fail is found, and goes by itself until it succeeds', async () => {
  const work = new Work();
  const company = new Company(work.do);
  const calls = outcomes([1, 2, 3].map((n) => company.take(batch(n))));
  await settle();
  await work.end(0, new Error('poison'));
  expect(work.begun.slice(1)).toEqual([[1], [2], [3]]);
  await work.end(1);
  await work.end(3);
  await work.end(2, new Error('poison'));
  expect(calls.map(({ is }) => is)).toEqual(['done', 'poison', 'done']);
  outcomes([1, 2, 3].map((n) => company.take(batch(n))));
  await settle();
  expect(work.begun.slice(4)).toEqual([[2], [1, 3]]);
  await work.end(4);
  await work.end(5);
  outcomes([1, 2].map((n) => company.take(batch(n))));
  await settle();
  expect(work.begun.slice(6)).toEqual([[1, 2]]);
});

test('nobody waits for one that waits by itself', async () => {
  const work = new Work();
  const company = new Company(work.do);
  outcomes([company.take(batch(1))]);
  await settle();
  await work.end(0, new Error('lock timeout'));
  expect(work.begun).toEqual([[1], [1]]);
  expect(work.patient).toEqual([false, true]);
  const next = outcomes([company.take(batch(3)), company.take(batch(4))]);
  await settle();
  expect(work.begun.at(-1)).toEqual([3, 4]);
  await work.end(2);
  expect(next.map(({ is }) => is)).toEqual(['done', 'done']);
});

test('when the database is away all are told at once, and nobody is suspected', async () => {
  const work = new Work();
  const company = new Company(work.do);
  const calls = outcomes([company.take(batch(1)), company.take(batch(2))]);
  await settle();
  calls.push(...outcomes([company.take(batch(3))]));
  await work.end(0, Object.assign(new Error('away'), { code: '08006' }));
  expect(calls.map(({ is }) => is)).toEqual(['away', 'away', 'away']);
  outcomes([1, 2, 3].map((n) => company.take(batch(n))));
  await settle();
  expect(work.begun).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});
