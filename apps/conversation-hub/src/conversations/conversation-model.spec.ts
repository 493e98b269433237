import type { Conversation, ConversationState, EntryId } from '@yixian/contracts';
import { IllegalMove, movesFrom, newId } from '@yixian/contracts';
import fc from 'fast-check';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, an, expectSound, lin, mei, TestRecord } from '../../testing/record.ts';

const DAY = 24 * 3_600_000;

let record: TestRecord;
let run = 0;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());

/** What the record should hold of one customer, in the fewest words. */
interface Model {
  state: ConversationState;
  closedAt: number | undefined;
  seq: number;
  unread: number[];
  assignee: string | null;
  waits: boolean;
  conversations: number;
  sent: EntryId[];
}

interface Real {
  address: string;
  id(): Promise<Conversation['id']>;
}

type Command = fc.AsyncCommand<Model, Real>;

const checked = async (model: Model, real: Real): Promise<void> => {
  const conversation = await record.conversations.find(await real.id());
  expect(conversation).toMatchObject({
    state: model.state,
    lastSeq: model.seq,
    unread: model.unread.length,
  });
  expect(conversation!.assignee?.id ?? null).toBe(model.assignee);
  expect(conversation!.waitingSince !== null).toBe(model.waits);
  expect(conversation!.closedAt !== null).toBe(model.state === 'closed');
  const rows = await record.database.query('select from hub.conversation where address = $1', [real.address]);
  expect(rows).toHaveLength(model.conversations);
};

const command = (
  name: string,
  check: (model: Model) => boolean,
  act: (model: Model, real: Real) => Promise<void>,
): Command => ({
  check,
  run: async (model, real) => {
    await act(model, real);
    await checked(model, real);
  },
  toString: () => name,
});
const begun = (model: Model): boolean => model.conversations > 0;

const customerWrites = (count: number): Command =>
  command(
    `customer writes ${count}`,
    () => true,
    async (model, real) => {
      const occurredAt = new Date(record.clock.now()).toISOString();
      await record.take(Array.from({ length: count }, () => aMessage({ address: real.address, occurredAt })));
      const over = model.state === 'closed' && record.clock.now() - model.closedAt! > 7 * DAY;
      if (over || !begun(model)) {
        Object.assign(model, { seq: 0, unread: [], assignee: null, waits: false, sent: [] });
        model.conversations++;
      }
      for (let n = 0; n < count; n++) model.unread.push(++model.seq);
      Object.assign(model, { state: 'open', closedAt: undefined, waits: true });
    },
  );

const agentReplies = (by: typeof lin): Command =>
  command(`${by.name} replies`, begun, async (model, real) => {
    const message = aReply({ seenSeq: model.seq });
    const reply = record.conversations.reply(await real.id(), message, by);
    if (model.state === 'closed') return expect(reply).rejects.toThrow(IllegalMove);
    expect((await reply).outcome).toBe('written');
    model.seq++;
    model.sent.push(message.id);
    Object.assign(model, { waits: false, assignee: model.assignee ?? by.id });
  });

const agentMoves = (move: 'close' | 'reopen'): Command =>
  command(move, begun, async (model, real) => {
    const moved = record.conversations[move](await real.id(), mei);
    if (!movesFrom(model.state).includes(move)) return expect(moved).rejects.toThrow(IllegalMove);
    await moved;
    model.seq++;
    if (move === 'close')
      Object.assign(model, { state: 'closed', closedAt: record.clock.now(), waits: false });
    else Object.assign(model, { state: 'open', closedAt: undefined });
  });

const agentAssigns = (to: typeof lin | null): Command =>
  command(`assign to ${to?.name ?? 'nobody'}`, begun, async (model, real) => {
    const ref = to && { id: to.id as never, name: to.name };
    await record.conversations.assign(await real.id(), ref, lin);
    if (model.assignee !== (to?.id ?? null)) model.seq++;
    model.assignee = to?.id ?? null;
  });

const agentNotes = command('note', begun, async (model, real) => {
  await record.conversations.note(await real.id(), { id: newId<EntryId>(), text: 'note' }, lin);
  model.seq++;
});

const agentReads = (behind: number): Command =>
  command(`read all but ${behind}`, begun, async (model, real) => {
    const upTo = Math.max(model.seq - behind, 0);
    await record.conversations.read(await real.id(), upTo, lin);
    model.unread = model.unread.filter((seq) => seq > upTo);
  });

const channelReports = (state: 'sending' | 'sent' | 'read' | 'failed'): Command =>
  command(
    `receipt ${state}`,
    (model) => model.sent.length > 0,
    async (model, real) => {
      await record.take([
        an('receipt.reported', { address: real.address, messageId: model.sent.at(-1)!, state }),
      ]);
    },
  );

const timePasses = (days: number): Command =>
  command(`${days} days pass`, begun, async () => {
    record.clock.advance(days * DAY);
  });

const commands = fc.commands(
  [
    fc.integer({ min: 1, max: 3 }).map(customerWrites),
    fc.constantFrom(lin, mei).map(agentReplies),
    fc.constantFrom('close' as const, 'reopen' as const).map(agentMoves),
    fc.constantFrom(lin, mei, null).map(agentAssigns),
    fc.constant(agentNotes),
    fc.integer({ min: 0, max: 2 }).map(agentReads),
    fc
      .constantFrom('sending' as const, 'sent' as const, 'read' as const, 'failed' as const)
      .map(channelReports),
    fc.constantFrom(1, 8).map(timePasses),
  ],
  { maxCommands: 25 },
);

it('a conversation is at every step what the model says', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      const address = `model-${++run}`;
      const id = async () => {
        const [row] = await record.database.query<{ id: Conversation['id'] }>(
          'select conversation_id as id from hub.identity where address = $1',
          [address],
        );
        return row!.id;
      };
      const model: Model = {
        state: 'open',
        closedAt: undefined,
        seq: 0,
        unread: [],
        assignee: null,
        waits: false,
        conversations: 0,
        sent: [],
      };
      await expect(
        fc.asyncModelRun(() => ({ model, real: { address, id } }), steps),
      ).resolves.toBeUndefined();
    }),
    { numRuns: 40 },
  );
}, 60_000);
