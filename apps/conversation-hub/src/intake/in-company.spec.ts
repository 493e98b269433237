import { newId } from '@yixian/contracts';
import { aMessage, an, expectSound, TestRecord } from '../../testing/record.ts';

let record: TestRecord;
beforeEach(async () => {
  record = await TestRecord.open();
});
afterEach(async () => {
  await expectSound(record);
  await record.close();
});

const texts = async (address: string): Promise<string[]> => {
  const rows = await record.database.query<{ text: string }>(
    `select e.text from hub.entry e join hub.conversation c on c.id = e.conversation_id
     where c.address = $1 order by e.seq`,
    [address],
  );
  return rows.map(({ text }) => text);
};
const cursors = async (): Promise<number[][]> => {
  const rows = await record.database.query<{ at: number[] }>(
    `select array[partition, next_offset::int] as at from bus.cursor where grp = 'hub' order by partition`,
  );
  return rows.map(({ at }) => at);
};
const said = (address: string, ...words: string[]) => words.map((text) => aMessage({ address, text }));
const outcomes = async (calls: Promise<void>[]) =>
  (await Promise.allSettled(calls)).map(({ status }) => status === 'fulfilled');

it('takes the batches of many partitions in one commit', async () => {
  const batches = [3, 1, 2].map((partition) =>
    record.batch(said(`customer-${partition}`, 'a', 'b'), partition),
  );
  await Promise.all(batches.map((batch) => record.intake.take(batch)));
  expect(await cursors()).toEqual([
    [1, 2],
    [2, 2],
    [3, 2],
  ]);
  for (const partition of [1, 2, 3]) expect(await texts(`customer-${partition}`)).toEqual(['a', 'b']);
  const commits = await record.database.query('select distinct xmin::text from hub.entry');
  expect(commits).toHaveLength(1);
});

it('lets no partition suffer for what another brought', async () => {
  const forged = an('survey.answered', {
    address: 'mallory',
    conversationId: newId(),
    score: 1,
    text: '',
    receivedAt: '2026-01-01T00:00:00Z',
  });
  const batches = [
    record.batch(said('ann', 'a'), 1),
    record.batch([...said('mallory', 'x'), forged], 2),
    record.batch(said('bob', 'b'), 3),
  ];
  expect(await outcomes(batches.map((batch) => record.intake.take(batch)))).toEqual([true, false, true]);
  expect([await texts('ann'), await texts('mallory'), await texts('bob')]).toEqual([['a'], [], ['b']]);
  expect(await cursors()).toEqual([
    [1, 1],
    [3, 1],
  ]);
});

it('refuses a batch that was taken already, and takes the others', async () => {
  const taken = record.batch(said('ann', 'a'), 1);
  await record.intake.take(taken);
  const again = record.intake.take(taken);
  const other = record.intake.take(record.batch(said('bob', 'b'), 2));
  await expect(again).rejects.toMatchObject({ code: 'YX001' });
  await other;
  expect([await texts('ann'), await texts('bob')]).toEqual([['a'], ['b']]);
});

it('goes on with the others while one waits for what somebody holds', async () => {
  await record.take(said('ann', 'a'), 1);
  let free = (): void => {};
  const held = new Promise<void>((resolve) => (free = resolve));
  let locked = (): void => {};
  const isLocked = new Promise<void>((resolve) => (locked = resolve));
  const holding = record.database.transaction(async (tx) => {
    await tx.query(`select from hub.conversation where address = 'ann' for update`);
    locked();
    await held;
  });
  await isLocked;
  const ann = record.intake.take(record.batch(said('ann', 'b'), 1));
  await record.intake.take(record.batch(said('bob', 'a'), 2));
  await record.intake.take(record.batch(said('eve', 'a'), 3));
  expect([await texts('ann'), await texts('bob'), await texts('eve')]).toEqual([['a'], ['a'], ['a']]);
  free();
  await Promise.all([ann, holding]);
  expect(await texts('ann')).toEqual(['a', 'b']);
});
