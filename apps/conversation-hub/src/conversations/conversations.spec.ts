import type { AgentRef, Conversation, ConversationId, EntryId } from '@yixian/contracts';
import { Conversation as ConversationSchema, IllegalMove, newId } from '@yixian/contracts';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, an, expectSound, lin, mei, TestRecord } from '../../testing/record.ts';
import type { Actor } from './actor.ts';
import { InvalidPosition } from './position.ts';

let record: TestRecord;
let customers = 0;
let address: string;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());
beforeEach(() => {
  address = `visitor-${++customers}`;
});

const ref = (actor: Actor): AgentRef => ({ id: actor.id, name: actor.name }) as AgentRef;
const begun = async (...texts: string[]): Promise<Conversation> => {
  await record.take((texts.length > 0 ? texts : ['hello']).map((text) => aMessage({ address, text })));
  const [row] = await record.database.query<{ id: ConversationId }>(
    'select conversation_id as id from hub.identity where address = $1',
    [address],
  );
  return (await record.conversations.find(row!.id))!;
};
const commandsOf = async (id: ConversationId) =>
  (await record.commands()).filter((command) => command.conversationId === id);
const nowhere = newId<ConversationId>();

describe('a reply', () => {
  it('is written, sent, and takes the conversation for its author', async () => {
    const { id } = await begun('question');
    const message = aReply({ seenSeq: 1, payload: { quick: true } });
    const outcome = await record.conversations.reply(id, message, lin);
    expect(outcome).toMatchObject({
      outcome: 'written',
      conversation: {
        version: 2,
        lastSeq: 2,
        assignee: ref(lin),
        waitingSince: null,
        state: 'open',
        unread: 1,
      },
      entry: {
        id: message.id,
        seq: 2,
        direction: 'out',
        author: { kind: 'agent', name: '林' },
        delivery: { state: 'queued' },
      },
    });
    expect(await commandsOf(id)).toMatchObject([
      {
        kind: 'message.send',
        id: message.id,
        text: message.text,
        payload: { quick: true },
        inReplyTo: expect.stringMatching(/^n\d+$/) as string,
      },
      { kind: 'conversation.shown', agentName: '林', version: 2 },
    ]);
  });

  it('that is sent again is the same reply', async () => {
    const { id } = await begun();
    const message = aReply({ seenSeq: 1 });
    const first = await record.conversations.reply(id, message, lin);
    const again = await record.conversations.reply(id, message, lin);
    expect(again).toEqual(first);
    const both = await Promise.all(
      [1, 2, 3].map(() =>
        record.conversations.reply(
          id,
          aReply({ ...message, id: '6b1f6d0e-29a7-4c8c-8a53-000000000001' as EntryId, force: true }),
          lin,
        ),
      ),
    );
    expect(new Set(both.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect((await record.conversations.find(id))!.lastSeq).toBe(3);
  });

  it('is refused when a colleague wrote since, unless it is forced', async () => {
    const { id } = await begun();
    const theirs = aReply({ seenSeq: 1 });
    await record.conversations.reply(id, theirs, mei);
    const outcome = await record.conversations.reply(id, aReply({ seenSeq: 1 }), lin);
    expect(outcome).toMatchObject({ outcome: 'conflict', entries: [{ id: theirs.id, text: theirs.text }] });
    expect(await record.conversations.reply(id, aReply({ seenSeq: 1, force: true }), lin)).toMatchObject({
      outcome: 'written',
    });
    expect(await record.conversations.reply(id, aReply({ seenSeq: 3 }), mei)).toMatchObject({
      outcome: 'written',
    });
  });

  it('is not refused for what oneself wrote, for a note, or for what the customer wrote', async () => {
    const { id } = await begun();
    await record.conversations.reply(id, aReply({ seenSeq: 1 }), lin);
    await record.conversations.note(id, { id: newId<EntryId>(), text: 'note' }, mei);
    await record.take([aMessage({ address })]);
    expect(await record.conversations.reply(id, aReply({ seenSeq: 1 }), lin)).toMatchObject({
      outcome: 'written',
    });
  });

  it('of two agents at once is written once: the other one is told', async () => {
    const { id } = await begun();
    const outcomes = await Promise.all(
      [lin, mei].map((by) => record.conversations.reply(id, aReply({ seenSeq: 1 }), by)),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'written']);
  });

  it('with an id that stands in another conversation writes nothing', async () => {
    const first = await begun();
    const message = aReply();
    await record.conversations.reply(first.id, message, lin);
    address += '-other';
    const second = await begun();
    expect(await record.conversations.reply(second.id, message, lin)).toMatchObject({ outcome: 'conflict' });
    expect((await record.conversations.find(second.id))!.version).toBe(second.version);
  });

  it('to nobody, or to a closed conversation, is refused', async () => {
    expect(await record.conversations.reply(nowhere, aReply(), lin)).toEqual({ outcome: 'not_found' });
    const { id } = await begun();
    await record.conversations.close(id, lin);
    await expect(record.conversations.reply(id, aReply(), lin)).rejects.toThrow(IllegalMove);
  });

  it("of a program is a bot's, and takes nothing over", async () => {
    const { id } = await begun();
    const program: Actor = { kind: 'token', id: 'token-1', name: 'Order bot', role: 'agent' };
    const outcome = await record.conversations.reply(id, aReply(), program);
    expect(outcome).toMatchObject({
      conversation: { assignee: null },
      entry: { author: { kind: 'bot', name: 'Order bot' } },
    });
  });

  it('loses what no database can hold, and nothing else', async () => {
    const { id } = await begun();
    const text = 'a\0b \ud800 \\u0000 😀';
    const outcome = await record.conversations.reply(
      id,
      aReply({ text, payload: { 'k\0': ['\udfff'] } }),
      lin,
    );
    expect(outcome).toMatchObject({ entry: { text: 'ab \ufffd \\u0000 😀', payload: { k: ['\ufffd'] } } });
  });
});

describe('assigning, closing and reopening', () => {
  it('write what was done and by whom, and tell the customer', async () => {
    const { id } = await begun();
    expect(await record.conversations.assign(id, ref(mei), lin)).toMatchObject({
      assignee: ref(mei),
      version: 2,
      lastSeq: 2,
    });
    expect(await record.conversations.close(id, mei)).toMatchObject({
      state: 'closed',
      waitingSince: null,
      closedAt: expect.any(String) as string,
    });
    expect(await record.conversations.reopen(id, lin)).toMatchObject({ state: 'open', closedAt: null });
    expect(await record.conversations.assign(id, null, lin)).toMatchObject({ assignee: null, version: 5 });
    const acts = (await record.events()).flatMap((event) =>
      event.kind === 'entry.recorded' && event.entry.conversationId === id && event.entry.kind === 'system'
        ? [[event.entry.payload, event.entry.author.name]]
        : [],
    );
    expect(acts).toEqual([
      [{ act: 'assigned', to: ref(mei) }, '林'],
      [{ act: 'closed' }, 'Mei'],
      [{ act: 'reopened' }, '林'],
      [{ act: 'assigned', to: null }, '林'],
    ]);
    expect((await commandsOf(id)).map(({ state, agentName }) => [state, agentName])).toEqual([
      ['open', 'Mei'],
      ['closed', 'Mei'],
      ['open', 'Mei'],
      ['open', null],
    ]);
  });

  it('do not show in a list as something said', async () => {
    const before = await begun('the last word');
    const after = await record.conversations.assign(before.id, ref(lin), lin);
    expect(after).toMatchObject({ preview: before.preview, lastAt: before.lastAt });
  });

  it('refuse what the table of moves does not have, and repeat nothing', async () => {
    const { id } = await begun();
    await expect(record.conversations.reopen(id, lin)).rejects.toThrow(IllegalMove);
    await record.conversations.close(id, lin);
    await expect(record.conversations.close(id, lin)).rejects.toThrow(IllegalMove);
    const once = await record.conversations.assign(id, ref(lin), lin);
    expect(await record.conversations.assign(id, ref(lin), lin)).toEqual(once);
    expect(await record.conversations.close(nowhere, lin)).toBeUndefined();
    expect(await record.conversations.assign(nowhere, null, lin)).toBeUndefined();
  });
});

describe('a note', () => {
  it('is for agents: the customer is not answered by it', async () => {
    const { id, waitingSince } = await begun();
    const note = { id: newId<EntryId>(), text: 'VIP' };
    const written = await record.conversations.note(id, note, lin);
    expect(written).toMatchObject({
      entry: { kind: 'note', direction: 'internal' },
      conversation: { waitingSince, assignee: null, preview: { kind: 'note' } },
    });
    expect(written!.entry.delivery).toBeUndefined();
    expect(await record.conversations.note(id, note, lin)).toEqual(written);
    expect(await commandsOf(id)).toEqual([]);
    expect(await record.conversations.note(nowhere, { ...note, id: newId<EntryId>() }, lin)).toBeUndefined();
  });
});

describe('reading', () => {
  it('counts down what is unread and tells the customer how far', async () => {
    const { id } = await begun('a', 'b', 'c');
    expect(await record.conversations.read(id, 2, lin)).toMatchObject({ unread: 1, version: 4 });
    expect(await record.conversations.read(id, 2, mei)).toMatchObject({ unread: 1, version: 4 });
    expect(await record.conversations.read(id, 99, lin)).toMatchObject({ unread: 0, version: 5 });
    expect(await record.conversations.read(id, 1, lin)).toMatchObject({ unread: 0, version: 5 });
    const entries = (await record.events()).flatMap((event) =>
      event.kind === 'entry.recorded' && event.entry.conversationId === id ? [event.entry.id] : [],
    );
    expect(await commandsOf(id)).toMatchObject([
      { kind: 'read.by-agent', upTo: entries[1] },
      { kind: 'read.by-agent', upTo: entries[2] },
    ]);
    expect(await record.conversations.read(nowhere, 1, lin)).toBeUndefined();
  });
});

describe('what was missed', () => {
  it('is every version since, in order, and ends in what stands', async () => {
    const conversation = await begun('a', 'b');
    const { id, contactId } = conversation;
    const message = aReply();
    await record.conversations.reply(id, message, lin);
    await record.take([an('receipt.reported', { address, messageId: message.id, state: 'sent' })]);
    await record.conversations.read(id, 2, lin);
    await record.conversations.close(id, lin);
    await record.take([aMessage({ address, text: 'c' })]);
    const { missed, reset } = await record.conversations.missed(contactId, [[id, 2]]);
    expect(reset).toBe(false);
    expect(
      missed.map((event) => [
        event.type,
        'conversation' in event ? event.conversation.version : (event as { version: number }).version,
      ]),
    ).toEqual([
      ['entry', 3],
      ['delivery', 4],
      ['conversation', 5],
      ['entry', 6],
      ['entry', 7],
    ]);
    expect(missed[1]).toMatchObject({ entryId: message.id, delivery: { state: 'sent' } });
    const last = missed.at(-1) as { conversation: Conversation };
    expect(last.conversation).toEqual(await record.conversations.find(id));
    expect(await record.conversations.missed(contactId, [[id, 7]])).toEqual({ missed: [], reset: false });
  });

  it('is all of a conversation that is not named, and a reset when it is too much or makes no sense', async () => {
    const { id, contactId, lastSeq } = await begun('a', 'b', 'c');
    expect((await record.conversations.missed(contactId, [])).missed).toHaveLength(lastSeq);
    expect(await record.conversations.missed(contactId, [[id, 99]])).toEqual({ missed: [], reset: true });
    await record.take(Array.from({ length: 501 }, () => aMessage({ address })));
    expect(await record.conversations.missed(contactId, [[id, 3]])).toEqual({ missed: [], reset: true });
    expect((await record.conversations.missed(contactId, [[id, 4]])).missed).toHaveLength(500);
    expect(await record.conversations.missed(newId(), [])).toEqual({ missed: [], reset: false });
  });
});

describe('lists', () => {
  const pageOf = async (
    query: Partial<Parameters<TestRecord['conversations']['page']>[0]>,
    agent?: Actor,
  ) => {
    const { json } = await record.conversations.page(
      { view: 'all', limit: 60, ...query },
      agent && ref(agent).id,
    );
    const page = JSON.parse(json) as { conversations: Conversation[]; next: string | null };
    page.conversations.forEach((conversation) => ConversationSchema.parse(conversation));
    return page;
  };

  it('hold each conversation in its views, counted', async () => {
    const before = await record.conversations.counts();
    const mine = await begun();
    await record.conversations.assign(mine.id, ref(mei), lin);
    address += '-2';
    const free = await begun();
    address += '-3';
    const closed = await begun();
    await record.conversations.close(closed.id, lin);
    const ids = async (view: 'mine' | 'all' | 'unassigned' | 'closed', agent?: Actor) =>
      (await pageOf({ view, limit: 200 }, agent)).conversations.map(({ id }) => id);
    expect(await ids('mine', mei)).toContain(mine.id);
    expect(await ids('mine', lin)).not.toContain(mine.id);
    expect(await ids('mine')).toEqual([]);
    expect(await ids('unassigned')).toContain(free.id);
    expect(await ids('unassigned')).not.toContain(mine.id);
    expect(await ids('all')).toEqual(expect.arrayContaining([mine.id, free.id]));
    expect(await ids('all')).not.toContain(closed.id);
    expect(await ids('closed')).toContain(closed.id);
    const after = await record.conversations.counts();
    expect([after.all - before.all, after.unassigned - before.unassigned]).toEqual([2, 1]);
    expect((after.byAgent[mei.id] ?? 0) - (before.byAgent[mei.id] ?? 0)).toBe(1);
  });

  it('go on where the page before ended, newest first', async () => {
    const all = (await pageOf({ limit: 200 })).conversations.map(({ id }) => id);
    const walked: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: { conversations: Conversation[]; next: string | null } = await pageOf({ limit: 3, cursor });
      walked.push(...page.conversations.map(({ id }) => id));
      cursor = page.next;
    }
    expect(walked).toEqual(all);
    expect((await pageOf({ channel: 'email' as Conversation['channel'] })).conversations).toEqual([]);
  });

  it('refuse a cursor that is not theirs', async () => {
    for (const cursor of ['', 'x', '1_', `1_${'0'.repeat(36)}`, `'; drop table hub.entry`]) {
      await expect(pageOf({ cursor })).rejects.toThrow(InvalidPosition);
    }
  });
});
