import type { Signal } from '@yixian/contracts';
import { pause, systemClock, topics } from '@yixian/contracts';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, lin, TestRecord } from '../../testing/record.ts';
import { Intake } from '../intake/intake.ts';
import { defaultRecordSettings } from '../intake/intake-settings.ts';
import { Conversations } from './conversations.ts';
import { WaitingLine } from './waiting-line.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => record.close());

/** Every place told so far, oldest first: who, and how many are before them. */
const told = async (): Promise<[string, number][]> => {
  const rows = await record.database.query<{ value: string }>(
    'select value from bus.log where topic = $1 order by at, partition, "offset"',
    [topics.signals.name],
  );
  return rows
    .map(
      ({ value }) =>
        topics.signals.schema.parse(JSON.parse(value)) as Signal & { ahead: number; address: string },
    )
    .map(({ address, ahead }): [string, number] => [address, ahead]);
};
const eventually = async <T>(look: () => Promise<T>, expected: T): Promise<void> => {
  const deadline = systemClock.now() + 5000;
  for (;;) {
    const seen = await look();
    if (JSON.stringify(seen) === JSON.stringify(expected) || systemClock.now() > deadline)
      return expect(seen).toEqual(expected);
    await pause(systemClock, 5);
  }
};

it('tells each customer how many wait before them, at once and then no more than every two seconds', async () => {
  const { database, bus, clock } = record;
  const line = new WaitingLine(database, bus, clock);
  const intake = new Intake(bus, clock, defaultRecordSettings, line);
  const conversations = new Conversations(database, bus, clock, line);
  await intake.take(record.batch([aMessage({ address: 'first' }), aMessage({ address: 'first' })], 0));
  const expected: [string, number][] = [['first', 0]];
  await eventually(told, expected);

  clock.advance(1);
  const occurredAt = new Date(clock.now()).toISOString();
  await intake.take(record.batch([aMessage({ address: 'second', occurredAt })], 1));
  await intake.take(
    record.batch([aMessage({ address: 'third', occurredAt: new Date(clock.now() + 1).toISOString() })], 2),
  );
  expect(await told()).toEqual(expected);
  clock.advance(2000);
  await eventually(async () => (await told()).length, 3);
  expect(
    (await told())
      .slice(1)
      .map(([, ahead]) => ahead)
      .sort(),
  ).toEqual([1, 2]);

  const [first] = await database.query<{ id: never }>(
    `select id from hub.conversation where address = 'first'`,
  );
  await conversations.reply(first!.id, aReply(), lin);
  clock.advance(2000);
  await eventually(async () => (await told()).length, 6);
  expect((await told()).slice(3)).toContainEqual(['first', 0]);
  expect(
    (await told())
      .slice(3)
      .map(([, ahead]) => ahead)
      .sort(),
  ).toEqual([0, 0, 1]);
});
