import type { BatchHandler } from '@yixian/bus';
import type { EntryId, InboundEvent } from '@yixian/contracts';
import { customerKey, newId, pause, systemClock, topics } from '@yixian/contracts';
import { aMessage, an, expectSound, TestRecord } from '../../testing/record.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => record.close());

const publish = (events: InboundEvent[]): Promise<void> =>
  record.bus.publish(events.map((data) => ({ topic: topics.inbound, key: customerKey(data), data })));

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = systemClock.now() + 20_000;
  while (!(await holds())) {
    if (systemClock.now() > deadline) throw new Error('It never came to hold.');
    // The bus waits by the test's clock: retries and polls fall due as we go on.
    record.clock.advance(250);
    await pause(systemClock, 10);
  }
}

it('stores what the bus brings exactly once, and sets aside only what cannot be stored', async () => {
  const failing = { left: 3 };
  const handler: BatchHandler<InboundEvent> = async (batch) => {
    await record.intake.take(batch);
    // Dies after its commit: the bus brings the batch again, and the cursor says that it is done.
    if (failing.left-- > 0) throw new Error('killed after commit');
  };
  const subscribed = await record.bus.subscribe<InboundEvent>({
    topic: topics.inbound,
    delivery: { group: 'hub' },
    cursor: 'handler',
    maxBatch: 20,
    handler,
  });
  const messages = Array.from({ length: 200 }, (_, n) => aMessage({ address: `customer-${n % 17}` }));
  const forged = an('survey.answered', {
    address: 'customer-3',
    conversationId: newId(),
    score: 1,
    text: '',
    receivedAt: '2026-01-01T00:00:00Z',
  });
  await publish([...messages.slice(0, 100), forged, ...messages.slice(100)]);
  await publish(messages.slice(50, 150));

  const count = async (sql: string): Promise<number> =>
    (await record.database.query<{ n: number }>(sql))[0]!.n;
  await eventually(async () => (await count('select count(*) as n from hub.entry')) === 200);
  await eventually(async () => (await count('select count(*) as n from bus.dead_letter')) === 1);
  await subscribed.stop();

  const stored = await record.database.query<{ id: EntryId; address: string }>(
    `select e.id, c.address from hub.entry e join hub.conversation c on c.id = e.conversation_id order by c.address, e.seq`,
  );
  for (const address of new Set(messages.map((message) => message.address))) {
    expect(stored.filter((row) => row.address === address).map(({ id }) => id)).toEqual(
      messages.filter((message) => message.address === address).map(({ id }) => id),
    );
  }
  await expectSound(record);
}, 60_000);
