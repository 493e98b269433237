import type { Entry, TimelineEvent } from '@yixian/contracts';
import { topics } from '@yixian/contracts';
import { aMessage, an, expectSound, lin, TestRecord } from '../../testing/record.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

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

const entriesOf = async (of = address): Promise<Entry[]> =>
  (await eventsOf(of)).flatMap((event) => (event.kind === 'entry.recorded' ? [event.entry] : []));
const eventsOf = async (of = address): Promise<TimelineEvent[]> =>
  (await record.events()).filter((event) => 'conversation' in event && event.conversation.address === of);
const conversationOf = async (of = address) => {
  const [row] = await record.database.query<{ id: string }>(
    `select i.conversation_id as id from hub.identity i where i.address = $1`,
    [of],
  );
  return (await record.conversations.find(row!.id as Parameters<typeof record.conversations.find>[0]))!;
};

describe('messages', () => {
  it('of a stranger make a contact, an identity and a conversation', async () => {
    await record.take([
      aMessage({ address, text: 'one', sender: { name: '王芳', claims: [] } }),
      aMessage({ address }),
    ]);
    expect(await conversationOf()).toMatchObject({
      version: 2,
      lastSeq: 2,
      unread: 2,
      state: 'open',
      contactName: '王芳',
      assignee: null,
      waitingSince: '2026-01-01T00:00:00.000Z',
    });
    const [first] = await entriesOf();
    expect(first).toMatchObject({
      seq: 1,
      version: 1,
      direction: 'in',
      text: 'one',
      author: { name: '王芳' },
    });
  });

  it('show each step of a batch: the row beside an entry is the row after it', async () => {
    await record.take(['a', 'b', 'c'].map((text) => aMessage({ address, text })));
    const rows = (await eventsOf()).map(
      (event) => (event as { conversation: Record<string, unknown> }).conversation,
    );
    expect(
      rows.map(({ version, lastSeq, unread, preview }) => [version, lastSeq, unread, preview]),
    ).toMatchObject([
      [1, 1, 1, { text: 'a' }],
      [2, 2, 2, { text: 'b' }],
      [3, 3, 3, { text: 'c' }],
    ]);
  });

  it('are stored once, however often they come', async () => {
    const [a, b] = [aMessage({ address }), aMessage({ address })];
    await record.take([a, a, b, a]);
    await record.take([b, a, aMessage({ address })]);
    await record.take([a, b]);
    expect((await entriesOf()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('of many customers in one batch keep the order of each', async () => {
    const names = [1, 2, 3].map((n) => `${address}-${n}`);
    const batch = Array.from({ length: 30 }, (_, n) => aMessage({ address: names[n % 3]!, text: String(n) }));
    await record.take(batch);
    for (const [n, name] of names.entries()) {
      expect((await entriesOf(name)).map(({ text }) => Number(text))).toEqual(
        Array.from({ length: 10 }, (_, k) => k * 3 + n),
      );
    }
  });

  it.each([
    ['an hour slow', -HOUR],
    ['an hour fast', HOUR],
  ])('of a channel whose clock is %s stay in the order they came', async (_, skew) => {
    const at = (n: number) => new Date(record.clock.now() + skew - n * 1000).toISOString();
    await record.take([aMessage({ address, occurredAt: at(0) }), aMessage({ address, occurredAt: at(5) })]);
    const conversation = await conversationOf();
    const seenSeq = conversation.lastSeq;
    await record.conversations.reply(conversation.id, aReply({ seenSeq }), lin);
    await record.take([aMessage({ address, occurredAt: at(60) })]);
    const entries = await entriesOf();
    const order = entries.map(({ orderedAt }) => orderedAt);
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
    expect(Math.max(...order)).toBeLessThanOrEqual((record.clock.now() + 1) * 1000);
    expect(entries[0]!.occurredAt).toBe(at(0));
  });

  it('keep what looks like SQL or HTML as text, in every field', async () => {
    const nasty = `'); drop table hub.entry; -- <script>alert(1)</script> \\' \${x} %s $1 {"a":1} \u202e`;
    const message = aMessage({
      address: `${address} ${nasty}`,
      text: nasty,
      sender: {
        name: nasty,
        avatarUrl: nasty,
        locale: 'zh-CN',
        claims: [{ kind: 'email', value: nasty, verified: true }],
        attributes: { [nasty]: nasty },
      },
      payload: { [nasty]: [nasty, null] },
      attachments: [{ key: 'a/b', name: nasty, type: nasty, size: 1, sha256: 'a'.repeat(64) }],
    });
    await record.take([message]);
    const [entry] = await entriesOf(message.address);
    expect(entry).toMatchObject({
      text: nasty,
      payload: message.payload,
      attachments: message.attachments,
      author: { name: nasty },
    });
    const found = JSON.parse((await record.contacts.search({ query: nasty, limit: 5 })).json) as {
      contacts: unknown[];
    };
    expect(found.contacts).toHaveLength(1);
  });

  it('that say nothing in words are previewed by what the channel says of them', async () => {
    const payload = { paper: { event: 'subscribe' } };
    const previewed = async () => (await conversationOf()).preview;
    await record.take([aMessage({ address, text: '', payload })]);
    expect(await previewed()).toMatchObject({ text: '', payload });
    await record.take([aMessage({ address, text: 'in words', payload })]);
    expect(await previewed()).toMatchObject({ text: 'in words' });
    expect(await previewed()).not.toHaveProperty('payload');
    // Two at once: whichever is told of, it is never with the payload of the other.
    await record.take([
      aMessage({ address, text: '', payload: { paper: { event: 'one' } } }),
      aMessage({ address, text: '', payload: { paper: { event: 'two' } } }),
    ]);
    expect(await previewed()).toMatchObject({ payload: { paper: { event: 'two' } } });
    for (const event of await eventsOf())
      if (event.kind === 'entry.recorded' && event.conversation.preview?.payload)
        expect(event.conversation.preview.payload).toEqual(event.entry.payload);
    await record.take([aMessage({ address, text: '', payload: { raw: 'x'.repeat(5_000) } })]);
    expect(await previewed()).not.toHaveProperty('payload');
  });

  it('end a preview before 200 UTF-16 units', async () => {
    await record.take([aMessage({ address, text: '😀'.repeat(300) })]);
    expect((await conversationOf()).preview!.text).toBe('😀'.repeat(100));
  });
});

describe('a closed conversation', () => {
  const closedFor = async (days: number) => {
    await record.take([aMessage({ address })]);
    const { id } = await conversationOf();
    await record.conversations.close(id, lin);
    record.clock.advance(days * DAY);
    const occurredAt = new Date(record.clock.now()).toISOString();
    await record.take([aMessage({ address, occurredAt }), aMessage({ address, occurredAt })]);
    return id;
  };

  it('goes on when its customer writes within a week, and the channel is told', async () => {
    const id = await closedFor(6);
    expect(await conversationOf()).toMatchObject({
      id,
      state: 'open',
      closedAt: null,
      lastSeq: 4,
      unread: 3,
    });
    const shown = (await record.commands()).filter((command) => command.conversationId === id);
    expect(shown.map(({ kind, state }) => [kind, state])).toEqual([
      ['conversation.shown', 'closed'],
      ['conversation.shown', 'open'],
    ]);
  });

  it('is continued by a new one after a week', async () => {
    const previousId = await closedFor(8);
    expect(await conversationOf()).toMatchObject({ previousId, state: 'open', lastSeq: 2, version: 2 });
    expect((await record.conversations.find(previousId))!.state).toBe('closed');
  });
});

describe('receipts', () => {
  const sent = async () => {
    await record.take([aMessage({ address })]);
    const conversation = await conversationOf();
    const message = aReply({ seenSeq: 1 });
    await record.conversations.reply(conversation.id, message, lin);
    return { id: conversation.id, messageId: message.id };
  };
  const receipt = (messageId: Entry['id'], state: 'sending' | 'sent' | 'read' | 'failed' | 'delivered') =>
    an('receipt.reported', { address, messageId, state });
  const states = async (id: string) =>
    (await record.events()).flatMap((event) =>
      event.kind === 'delivery.changed' && event.conversationId === id ? [event.delivery.state] : [],
    );

  it('climb the lattice and never fall back', async () => {
    const { id, messageId } = await sent();
    await record.take([
      receipt(messageId, 'sending'),
      receipt(messageId, 'delivered'),
      receipt(messageId, 'sent'),
    ]);
    await record.take([
      receipt(messageId, 'read'),
      receipt(messageId, 'failed'),
      receipt(messageId, 'delivered'),
    ]);
    expect(await states(id)).toEqual(['sending', 'delivered', 'read']);
  });

  it('from another address are not believed', async () => {
    const { id, messageId } = await sent();
    await record.take([an('receipt.reported', { address: 'somebody else', messageId, state: 'read' })]);
    expect(await states(id)).toEqual([]);
  });

  it('that come before their message wait for it', async () => {
    await record.take([aMessage({ address })]);
    const { id } = await conversationOf();
    const message = aReply({ seenSeq: 1 });
    await record.take([receipt(message.id, 'sent'), receipt(message.id, 'delivered')]);
    await record.conversations.reply(id, message, lin);
    expect(await states(id)).toEqual(['sent', 'delivered']);
    expect(
      await record.database.query('select from hub.receipt_pending where message_id = $1', [message.id]),
    ).toEqual([]);
  });
});

describe('a rating', () => {
  it('is one entry, once, and wakes nobody up', async () => {
    await record.take([aMessage({ address })]);
    const { id } = await conversationOf();
    await record.conversations.close(id, lin);
    const answer = () =>
      an('survey.answered', {
        address,
        id: aReply({ seenSeq: 0 }).id,
        conversationId: id,
        score: 5,
        text: '好',
        receivedAt: '2026-01-01T00:00:00Z',
      });
    await record.take([answer(), answer()]);
    await record.take([answer()]);
    expect((await entriesOf()).filter(({ kind }) => kind === 'survey')).toMatchObject([
      { payload: { score: 5 }, text: '好' },
    ]);
    expect(await conversationOf()).toMatchObject({ state: 'closed', unread: 1 });
  });

  it('of a conversation that is not theirs is refused, with all that came with it', async () => {
    await record.take([aMessage({ address })]);
    const { id } = await conversationOf();
    const forged = an('survey.answered', {
      address: 'somebody else',
      id: aReply({ seenSeq: 0 }).id,
      conversationId: id,
      score: 1,
      text: '',
      receivedAt: '2026-01-01T00:00:00Z',
    });
    await expect(record.take([aMessage({ address }), forged])).rejects.toMatchObject({
      code: '22023',
      retryable: false,
    });
    expect((await conversationOf()).lastSeq).toBe(1);
  });
});

describe('the cursor', () => {
  it('moves with the effect: the same batch again is refused, and so is a zombie', async () => {
    const batch = record.batch([aMessage({ address })], 7);
    await record.intake.take(batch);
    await expect(record.intake.take(batch)).rejects.toMatchObject({ code: 'YX001' });
    await expect(
      record.intake.take({ ...batch, events: [], cursor: { ...batch.cursor, to: 99 } }),
    ).rejects.toMatchObject({ code: 'YX001' });
    expect(await entriesOf()).toHaveLength(1);
  });

  it('lets one of many owners win each batch', async () => {
    let from: number | null = null;
    for (let n = 0; n < 5; n++) {
      const batch = { ...record.batch([aMessage({ address }), aMessage({ address })], 9) };
      batch.cursor = { group: 'hub', topic: topics.inbound.name, partition: 9, from, to: (n + 1) * 2 };
      const owners = await Promise.allSettled([1, 2, 3, 4].map(() => record.intake.take(batch)));
      expect(owners.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      from = batch.cursor.to;
    }
    expect((await entriesOf()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('an album of six pictures of a new customer', () => {
  const album = () => Array.from({ length: 6 }, () => aMessage({ address, text: '' }));

  it('that comes in 16 batches at once on one partition is one conversation', async () => {
    const pictures = album();
    const batches = Array.from({ length: 16 }, (_, n) => record.batch([...pictures].slice(n % 6), 10));
    let from: number | null = null;
    const waiting = new Set(batches);
    while (waiting.size > 0) {
      const tries = [...waiting].map(async (batch) => {
        await record.intake.take({ ...batch, cursor: { ...batch.cursor, from, to: (from ?? 0) + 1 } });
        waiting.delete(batch);
      });
      await Promise.allSettled(tries);
      from = (from ?? 0) + 1;
    }
    expect(await entriesOf()).toHaveLength(6);
    expect((await conversationOf()).lastSeq).toBe(6);
  });

  it('that comes on 16 partitions at once is one conversation', async () => {
    const pictures = album();
    const deliver = async (partition: number): Promise<void> => {
      // What the bus does with a passing error: the same batch again.
      for (let tries = 0; tries < 50; tries++) {
        const failed = await record.take(pictures, partition).then(
          () => undefined,
          (error: { code: string }) => error,
        );
        if (!failed) return;
        expect(failed.code).toMatch(/^(23505|40001|40P01)$/);
      }
      throw new Error('never got through');
    };
    await Promise.all(Array.from({ length: 16 }, (_, n) => deliver(100 + n)));
    expect((await entriesOf()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(
      await record.database.query('select from hub.conversation where address = $1', [address]),
    ).toHaveLength(1);
  });
});

function aReply({ seenSeq }: { seenSeq: number }) {
  const id = crypto.randomUUID() as Entry['id'];
  return { id, text: 'answer', attachments: [], seenSeq, force: false, payload: {} };
}
