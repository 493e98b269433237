import { systemClock } from '@yixian/contracts';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, an, expectSound, lin, mei, TestRecord } from '../../testing/record.ts';
import { rebuild } from './rebuild.ts';

let record: TestRecord;
beforeEach(async () => {
  record = await TestRecord.open();
});
afterEach(() => record.close());

/** A conversation with everything in it that a log can tell. */
async function history(): Promise<void> {
  await record.take([
    aMessage({ sender: { name: '王芳', claims: [] } }),
    aMessage({ address: 'b' }),
    aMessage(),
  ]);
  const rows = await record.database.query<{ id: never; contact: never; identity: never }>(
    'select id, contact_id as contact, identity_id as identity from hub.conversation order by address desc',
  );
  const [first, second] = [rows[0]!, rows[1]!];
  const message = aReply({ text: 'answer' });
  await record.conversations.read(first.id, 2, lin);
  await record.conversations.reply(first.id, message, lin);
  await record.take([
    an('receipt.reported', { messageId: message.id, state: 'failed', reason: 'window_closed' }),
  ]);
  await record.conversations.assign(first.id, { id: mei.id as never, name: mei.name }, lin);
  await record.conversations.close(first.id, mei);
  await record.take([
    an('survey.answered', {
      conversationId: first.id,
      score: 4,
      text: 'ok',
      receivedAt: '2026-01-01T00:00:00Z',
    }),
  ]);
  await record.contacts.link(first.contact, second.identity, 'same', lin);
  await record.take([aMessage({ address: 'b' }), aMessage({ address: 'a', thread: 'letters' })]);
  const allowance = { until: null, left: 3, reason: null, alternatives: [] };
  await record.take([an('address.reported', { address: 'a', allowance })]);
}

it('makes from the log exactly what stands, and leaves nothing behind', async () => {
  await history();
  await expectSound(record);
  const result = await rebuild(record.database, systemClock);
  expect(result).toMatchObject({ equal: true, conversations: 3, facts: 13, gaps: [], differences: [] });
  expect(result.models.map(({ model, rows }) => [model, rows])).toEqual([
    ['conversation', 3],
    ['delivery', 1],
    ['identity', 3],
    ['thread', 1],
    ['contact', 3],
    ['entry', 9],
  ]);
  expect(await record.database.query(`select from pg_class where relname like 'rebuilt%'`)).toEqual([]);
});

it('of nothing is nothing', async () => {
  expect(await rebuild(record.database, systemClock)).toMatchObject({ equal: true, facts: 0 });
});

it.each([
  ['a counter', `update hub.conversation set unread = unread + 1 where address = 'b'`, 'conversation'],
  ['a preview', `update hub.conversation set preview_text = 'x' where address = 'b'`, 'conversation'],
  ['an assignee', `update hub.conversation set assignee_id = null where address <> 'b'`, 'conversation'],
  ['a delivery', `update hub.delivery set state = 'sent'`, 'delivery'],
  [
    'an owner',
    `update hub.entry set contact_id = gen_random_uuid() where seq = 2 and kind = 'message'`,
    'entry',
  ],
  ['a name', `update hub.contact set name = 'x' where name is not null`, 'contact'],
  ['a thread', `update hub.thread set conversation_id = gen_random_uuid()`, 'thread'],
  ['a newest conversation', `update hub.identity set conversation_id = null where address = 'b'`, 'identity'],
])('sees that %s was falsified', async (_, falsify, model) => {
  await history();
  await record.database.query(falsify);
  const { equal, models } = await rebuild(record.database, systemClock);
  expect(equal).toBe(false);
  expect(models.filter(({ live, fresh }) => live !== fresh).map((each) => each.model)).toEqual([model]);
});

it('shows a conversation that differs, both ways', async () => {
  await history();
  await record.database.query(`update hub.conversation set unread = 9 where address = 'b'`);
  const { differences } = await rebuild(record.database, systemClock);
  expect(differences).toMatchObject([{ live: { unread: 9 }, fresh: { unread: 2 } }]);
});

it('sees that an entry is missing', async () => {
  await history();
  await record.database.query(
    `delete from hub.entry where seq = 2 and direction = 'in' and kind = 'message'`,
  );
  const { equal, gaps } = await rebuild(record.database, systemClock);
  expect(equal).toBe(false);
  expect(gaps.length).toBeGreaterThan(0);
});

it('is right while messages come in', async () => {
  await history();
  let talking = true;
  const talk = (async () => {
    while (talking)
      await record.take([aMessage(), aMessage({ address: 'b' }), aMessage({ address: 'c' })], 1);
  })();
  const results = [await rebuild(record.database, systemClock), await rebuild(record.database, systemClock)];
  talking = false;
  await talk;
  expect(results.map(({ equal }) => equal)).toEqual([true, true]);
});
