import type { Conversation, ConversationId } from '@yixian/contracts';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, expectSound, lin, TestRecord } from '../../testing/record.ts';

const DAY = 86_400_000;

let record: TestRecord;
let customers = 0;
let address: string;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());
beforeEach(() => {
  address = `customer-${++customers}`;
});

const now = () => new Date(record.clock.now()).toISOString();
const write = (thread?: string, more: Partial<Parameters<typeof aMessage>[0]> = {}) =>
  aMessage({ address, occurredAt: now(), ...(thread && { thread }), ...more });
/** The conversations of the customer, the oldest first. */
const conversations = async (): Promise<Conversation[]> => {
  const rows = await record.database.query<{ id: ConversationId }>(
    'select id from hub.conversation where address = $1 order by created_at, thread nulls first, id',
    [address],
  );
  return Promise.all(rows.map(async ({ id }) => (await record.conversations.find(id))!));
};
const inThread = async (thread: string | null) =>
  (await conversations()).filter((conversation) => conversation.thread === thread).at(-1)!;

it('keeps one conversation for each thread, beside the one without', async () => {
  await record.take([write('a'), write(), write('b'), write('a'), write(), write('a')]);
  await record.take([write('b'), write('a')]);
  const all = await conversations();
  expect(all.map(({ thread, lastSeq }) => [thread, lastSeq])).toEqual([
    [null, 2],
    ['a', 4],
    ['b', 2],
  ]);
  expect(new Set(all.map(({ contactId }) => contactId)).size).toBe(1);
});

it('names a conversation by the subject of its first message', async () => {
  await record.take([write('a', { subject: '发票' }), write('a', { subject: 'Re: 发票' }), write('b')]);
  expect((await conversations()).map(({ subject }) => subject)).toEqual(['发票', null]);
});

it('stores a message once, whatever thread it is said to belong to later', async () => {
  const message = write('a');
  await record.take([message, message]);
  await record.take([message, { ...message, thread: 'b' }]);
  expect((await conversations()).map(({ lastSeq }) => lastSeq)).toEqual([1]);
});

it('reopens the closed conversation of a thread within a week, and continues it after', async () => {
  await record.take([write('a'), write('b')]);
  const first = await inThread('a');
  await record.conversations.close(first.id, lin);
  record.clock.advance(6 * DAY);
  await record.take([write('a')]);
  expect(await inThread('a')).toMatchObject({ id: first.id, state: 'open', lastSeq: 3 });
  await record.conversations.close(first.id, lin);
  record.clock.advance(8 * DAY);
  await record.take([write('a', { subject: 'again' }), write('b')]);
  expect(await inThread('a')).toMatchObject({ previousId: first.id, lastSeq: 1, subject: 'again' });
  expect(await inThread('b')).toMatchObject({ previousId: null, lastSeq: 2 });
});

it('answers in the thread, by its newest message', async () => {
  await record.take([write('a', { subject: '发票', nativeId: `${address}-1` }), write('b')]);
  const { id } = await inThread('a');
  const reply = aReply({ seenSeq: 1 });
  await record.conversations.reply(id, reply, lin);
  const [sent] = (await record.commands()).filter((command) => command.id === reply.id);
  expect(sent).toMatchObject({ thread: 'a', subject: '发票', inReplyTo: `${address}-1` });
});

it('names no thread to a channel without threads', async () => {
  await record.take([write()]);
  const [{ id }] = (await conversations()) as [Conversation];
  const reply = aReply({ seenSeq: 1 });
  await record.conversations.reply(id, reply, lin);
  const [sent] = (await record.commands()).filter((command) => command.id === reply.id);
  expect(sent).not.toHaveProperty('thread');
  expect(sent).not.toHaveProperty('subject');
});

it('links a conversation to the one it quotes, if there is such a one', async () => {
  await record.take([write('a')]);
  const quoted = await inThread('a');
  const unknown = '00000000-0000-8000-8000-000000000000' as ConversationId;
  await record.take([write('b', { relatedTo: quoted.id }), write('c', { relatedTo: unknown })]);
  await record.take([write('a', { relatedTo: (await inThread('b')).id })]);
  expect((await conversations()).map(({ relatedId }) => relatedId)).toEqual([null, quoted.id, null]);
});

it('moves all threads with their identity, and back', async () => {
  await record.take([write('a'), write('b'), write()]);
  const [{ identityId, contactId }] = (await conversations()) as [Conversation];
  const stranger = aMessage({ address: `${address}-other` });
  await record.take([stranger]);
  const [other] = await record.database.query<{ id: Conversation['contactId'] }>(
    'select contact_id as id from hub.identity where address = $1',
    [stranger.address],
  );
  await record.contacts.link(other!.id, identityId, 'same', lin);
  await record.take([write('a')]);
  expect((await conversations()).map((each) => each.contactId)).toEqual([other!.id, other!.id, other!.id]);
  await record.contacts.unlink(other!.id, identityId, 'not the same', lin);
  expect((await conversations()).map((each) => each.contactId)).toEqual([contactId, contactId, contactId]);
  expect((await inThread('a')).lastSeq).toBe(2);
});

it('makes one conversation of a thread that begins on many partitions at once', async () => {
  await record.take([write()]);
  const letters = Array.from({ length: 4 }, () => write('a'));
  const deliver = async (partition: number): Promise<void> => {
    // What the bus does with a passing error: the same batch again.
    for (let tries = 0; tries < 50; tries++) {
      const failed = await record.take(letters, partition).then(
        () => undefined,
        (error: { code: string }) => error,
      );
      if (!failed) return;
      expect(failed.code).toMatch(/^(23505|40001|40P01)$/);
    }
    throw new Error('never got through');
  };
  await Promise.all(Array.from({ length: 8 }, (_, n) => deliver(100 + n)));
  expect((await conversations()).map(({ lastSeq }) => lastSeq)).toEqual([1, 4]);
});
