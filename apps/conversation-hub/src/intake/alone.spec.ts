import type { MessageReceived } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import { aMessage, expectSound, lin, TestRecord } from '../../testing/record.ts';

const address = 'ann';
const name = '安"\\';

/** What a customer may say, and what may happen in between, as often as it takes to meet every state. */
const history: (MessageReceived | ((record: TestRecord, conversation: never) => Promise<unknown>))[] = [
  aMessage({ address, sender: { name, claims: [] } }),
  aMessage({ address, text: '第二条 "quoted" \\ 🌿', payload: { page: 'https://shop.example/茶' } }),
  aMessage({ address, sender: { name, claims: [] }, occurredAt: '2020-01-01T00:00:00.000Z' }),
  aMessage({
    address,
    text: '',
    attachments: [
      { key: `sha256/${'a'.repeat(64)}`, name: '图.png', type: 'image/png', size: 3, sha256: 'a'.repeat(64) },
    ] as never,
  }),
  (record, conversation) => record.conversations.read(conversation, 2, lin),
  aMessage({ address, sender: { name: 'Ann', claims: [] } }),
  (record, conversation) =>
    record.conversations.assign(conversation, { id: lin.id as never, name: '林' }, lin),
  aMessage({ address }),
  (record, conversation) => record.conversations.close(conversation, lin),
  aMessage({ address }),
  aMessage({ address, thread: 'letters', subject: '发票' }),
  aMessage({ address, thread: 'letters' }),
  aMessage({ address, text: '', payload: { wechat: { kind: 'location' } } }),
  aMessage({ address }),
];

/** Everything that was recorded of the customer and told of it. `beside`: in company, each message has a batch with another's. */
async function recorded(beside: boolean) {
  const record = await TestRecord.open(new TestClock());
  for (const step of history) {
    if (typeof step === 'function') {
      const [row] = await record.database.query<{ id: never }>(
        'select conversation_id as id from hub.identity where address = $1',
        [address],
      );
      await step(record, row!.id);
    } else {
      const others = beside ? [aMessage({ address: 'bob' })] : [];
      await record.take([step, ...others]);
      // It comes again, as after a crash.
      await record.take([step, ...others]);
    }
  }
  await expectSound(record);
  const events = (await record.events()).filter((event) => JSON.stringify(event).includes(`"${address}"`));
  const conversations = await record.database.query(
    'select * from hub.conversation where address = $1 order by id',
    [address],
  );
  const entries = await record.database.query(
    `select e.* from hub.entry e join hub.conversation c on c.id = e.conversation_id where c.address = $1
     order by e.conversation_id, e.seq`,
    [address],
  );
  const headers = await record.database.query(
    `select headers::jsonb - 'ce_time' as headers from bus.log
     where topic = 'yixian.timeline.v1' and value like '%"address":"ann"%' order by partition, "offset"`,
  );
  await record.close();
  return { events, conversations, entries, headers };
}

it('records of a message that comes alone what it records of one in company', async () => {
  const alone = await recorded(false);
  expect(alone.entries.length).toBeGreaterThan(9);
  expect(alone).toEqual(await recorded(true));
});
