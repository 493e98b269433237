import { describe, expect, it } from '@jest/globals';
import type { AgentId, ContactId, ConversationId, EntryId, WrittenEntry } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts/clock';
import { aConversation, anEntry, uuid } from '../../testing/a-desk.ts';
import { RequestFailed } from '../http/request-failed.ts';
import { MemoryOutbox } from './outbox-storage.ts';
import { Outbox, type OutboxItem } from './outbox.ts';

const ME = uuid(900) as AgentId;

/** An outbox whose sends are answered by hand, on a clock that is moved by hand. */
function anOutbox(storage = new MemoryOutbox()) {
  const timers: (() => void)[] = [];
  const sends: { item: OutboxItem; answer: (by: WrittenEntry | RequestFailed) => Promise<void> }[] = [];
  const clock: Clock = {
    now: () => 1000 + sends.length,
    monotonic: () => 0,
    after: (_ms, work) => {
      timers.push(work);
      return () => timers.splice(timers.indexOf(work), 1);
    },
  };
  const outbox = new Outbox({
    storage,
    clock,
    door: {
      stored: () => {},
      send: (item) =>
        new Promise((resolve, reject) => {
          const answer = async (by: WrittenEntry | RequestFailed) => {
            if (by instanceof RequestFailed) reject(by);
            else resolve(by);
            await settled();
          };
          sends.push({ item, answer });
        }),
    },
  });
  const write = (n: number, conversation = 1, holdFor = 0) =>
    outbox.add(
      {
        id: uuid(n) as EntryId,
        agentId: ME,
        kind: 'message',
        contactId: uuid(100) as ContactId,
        conversationId: uuid(conversation) as ConversationId,
        text: `text ${n}`,
        attachments: [],
        seenSeq: 1,
      },
      holdFor,
    );
  const states = () => outbox.items.get().map(({ id, state }) => [id, state]);
  return { outbox, storage, sends, timers, write, states };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const written = { conversation: aConversation(), entry: anEntry() };

describe('Outbox', () => {
  it('sends what one conversation gets in order, one at a time', async () => {
    const { write, sends } = anOutbox();
    write(1);
    write(2);
    write(3, 2);
    expect(sends.map(({ item }) => item.id)).toEqual([uuid(1), uuid(3)]);
    await sends[0]!.answer(written);
    expect(sends.map(({ item }) => item.id)).toEqual([uuid(1), uuid(3), uuid(2)]);
  });

  it('forgets what the hub has stored', async () => {
    const { write, sends, states, storage } = anOutbox();
    write(1);
    await sends[0]!.answer(written);
    expect(states()).toEqual([]);
    expect(await storage.all()).toEqual([]);
  });

  it('sends again, with the same id, what failed for a reason that passes', async () => {
    const { write, sends, timers, states } = anOutbox();
    write(1);
    await sends[0]!.answer(new RequestFailed('offline', ''));
    expect(states()).toEqual([[uuid(1), 'queued']]);
    timers[0]!();
    expect(sends[1]!.item.id).toBe(uuid(1));
  });

  it('leaves to the agent what was refused, and goes on with the next', async () => {
    const { outbox, write, sends, states } = anOutbox();
    write(1);
    write(2);
    await sends[0]!.answer(new RequestFailed('too_large', ''));
    expect(states()).toEqual([
      [uuid(1), 'failed'],
      [uuid(2), 'sending'],
    ]);
    await sends[1]!.answer(written);
    outbox.retry(uuid(1) as EntryId);
    expect(sends[2]!.item.id).toBe(uuid(1));
  });

  it('waits with all that follows when a colleague was faster, until the agent decides', async () => {
    const { outbox, write, sends } = anOutbox();
    write(1);
    write(2);
    await sends[0]!.answer(new RequestFailed('conflict', '', { entries: [anEntry()] }));
    expect(outbox.items.get()[0]).toMatchObject({ state: 'conflict', rivals: [anEntry()] });
    expect(sends).toHaveLength(1);
    outbox.retry(uuid(1) as EntryId, true);
    expect(sends[1]!.item).toMatchObject({ id: uuid(1), force: true });
  });

  it('goes on after a conflict that was discarded', async () => {
    const { outbox, write, sends } = anOutbox();
    write(1);
    write(2);
    await sends[0]!.answer(new RequestFailed('conflict', '', { entries: [] }));
    expect(outbox.discard(uuid(1) as EntryId)?.text).toBe('text 1');
    await settled();
    expect(sends[1]!.item.id).toBe(uuid(2));
  });

  it('takes up after a reload what was left, also what was on its way', async () => {
    const before = anOutbox();
    before.write(1);
    before.write(2);
    await settled();
    const after = anOutbox(before.storage);
    await after.outbox.restore(ME);
    expect(after.states()).toEqual([
      [uuid(1), 'sending'],
      [uuid(2), 'queued'],
    ]);
  });

  it('leaves alone what another agent wrote in this browser', async () => {
    const before = anOutbox();
    before.write(1);
    await settled();
    const after = anOutbox(before.storage);
    await after.outbox.restore(uuid(901) as AgentId);
    expect(after.states()).toEqual([]);
  });
});

describe('what is held', () => {
  const aHeld = (now = { millis: 1000 }) => {
    const timers: { at: number; work: () => void }[] = [];
    const sent: string[] = [];
    const storage = new MemoryOutbox();
    const outbox = new Outbox({
      storage,
      clock: {
        now: () => now.millis,
        monotonic: () => now.millis,
        after: (ms, work) => {
          timers.push({ at: now.millis + ms, work });
          return () => {};
        },
      },
      door: { stored: () => {}, send: async ({ text }) => (sent.push(text), written) },
    });
    const item = { agentId: ME, kind: 'message', contactId: uuid(100), conversationId: uuid(1) };
    const add = (n: number, holdFor: number) =>
      outbox.add(
        { ...item, id: uuid(n), text: `text ${n}`, attachments: [], seenSeq: 1 } as unknown as OutboxItem,
        holdFor,
      );
    const pass = async (ms: number) => {
      now.millis += ms;
      for (const timer of timers.filter(({ at }) => at <= now.millis)) timer.work();
      await settled();
    };
    return { outbox, storage, sent, add, pass };
  };

  it('goes when its time is over, and holds back what follows it', async () => {
    const { add, pass, sent } = aHeld();
    add(1, 5000);
    add(2, 0);
    await pass(4999);
    expect(sent).toEqual([]);
    await pass(1);
    expect(sent).toEqual(['text 1', 'text 2']);
  });

  it('never goes once it was taken back', async () => {
    const { outbox, add, pass, sent } = aHeld();
    add(1, 5000);
    outbox.discard(uuid(1) as EntryId);
    await pass(6000);
    expect(sent).toEqual([]);
  });

  it('goes at once when asked to', async () => {
    const { outbox, add, pass, sent } = aHeld();
    add(1, 5000);
    outbox.release(uuid(1) as EntryId);
    await pass(0);
    expect(sent).toEqual(['text 1']);
  });
});
