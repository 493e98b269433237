import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bus } from '@yixian/bus';
import { newId, systemClock, timestamp } from '@yixian/contracts';
import type { AccountId, Address, ChannelName, SendMessage } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { channelSchema } from '../channel-schema.ts';
import type { Command } from './command.ts';
import { Ledger } from './ledger.ts';

const channel = 'paper' as ChannelName;
const me = newId<string>();

describe('the ledger', () => {
  let database: Database;
  let ledger: Ledger;
  let receipts: unknown[];
  /** Only what the ledger uses of a bus: a cursor, and the outbox. */
  const bus = {
    advance: async () => undefined,
    publishWith: async (_, events) => void receipts.push(...events.map(({ data }) => data)),
  } as Pick<Bus, 'advance' | 'publishWith'> as Bus;
  const nothing = async () => undefined;

  beforeAll(async () => {
    database = await freshDatabase({ parts: [channelSchema] });
    ledger = new Ledger(channel, me, { database, bus, clock: systemClock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    receipts = [];
    await database.query('delete from channel.lane');
    await database.query('select channel.keep_lanes($1, $2, 60000, 1)', [channel, me]);
  });

  const move = { group: 'g', topic: 't', partition: 0, from: 0, to: 1 };
  const aMessage = (): SendMessage => ({
    kind: 'message.send',
    id: newId(),
    channel,
    account: 'main' as AccountId,
    address: 'ann' as Address,
    conversationId: newId(),
    author: { kind: 'agent' },
    text: 'hello',
    attachments: [],
    payload: {},
    createdAt: timestamp(systemClock),
  });
  const taken = async (): Promise<Command> => (await ledger.take(0, [aMessage()], move))[0]!;
  const done = (command: Command) => ({
    command,
    outcome: { kind: 'done' as const, state: 'sent' as const },
  });

  test('takes a command once', async () => {
    const message = aMessage();
    expect(await ledger.take(0, [message], move)).toHaveLength(1);
    expect(await ledger.take(0, [message], move)).toEqual([]);
  });

  test('begins each attempt once, also when asked again for the same', async () => {
    const command = await taken();
    expect(await ledger.begin([command])).toEqual(['begun']);
    expect(await ledger.begin([command])).toEqual(['begun']);
    await ledger.finish([done(command)], nothing);
    expect(await ledger.begin([command])).toEqual(['gone']);
  });

  test.each([
    ['is another’s', `owner = gen_random_uuid()`],
    ['was ours too long ago', `alive_until = now() - interval '1 second'`],
  ])('begins nothing in a lane that %s', async (_, change) => {
    const command = await taken();
    await database.query(`update channel.lane set ${change}`);
    expect(await ledger.begin([command])).toEqual(['not ours']);
  });

  test('tells each outcome once', async () => {
    const command = await taken();
    await ledger.begin([command]);
    await ledger.finish([done(command)], nothing);
    await ledger.finish([done(command)], nothing);
    expect(receipts).toEqual([expect.objectContaining({ messageId: command.id, state: 'sent' })]);
  });

  test('lets unknown become known, and nothing else become anything', async () => {
    const command = await taken();
    await ledger.begin([command]);
    await ledger.settleInterrupted(0, false);
    await ledger.finish([{ command, outcome: { kind: 'again', afterMs: 0, reason: 'busy' } }], nothing);
    await ledger.finish([done(command)], nothing);
    await ledger.finish([{ command, outcome: { kind: 'done', state: 'failed', reason: 'late' } }], nothing);
    expect(receipts.map((receipt) => (receipt as { state: string }).state)).toEqual(['unknown', 'sent']);
  });

  test('ends what was put back to wait while it was sent, so that nobody sends it again', async () => {
    const command = await taken();
    await ledger.begin([command]);
    await ledger.settleInterrupted(0, true);
    expect((await ledger.waiting(0)).map(({ id }) => id)).toContain(command.id);
    await ledger.finish([done(command)], nothing);
    await ledger.finish([done(command)], nothing);
    expect((await ledger.waiting(0)).map(({ id }) => id)).not.toContain(command.id);
    expect(await ledger.begin([command])).toEqual(['gone']);
    expect(receipts).toEqual([expect.objectContaining({ messageId: command.id, state: 'sent' })]);
  });

  test('settles nothing in a lane that is another’s', async () => {
    await ledger.begin([await taken()]);
    await database.query('update channel.lane set owner = gen_random_uuid()');
    await ledger.settleInterrupted(0, false);
    expect(receipts).toEqual([]);
  });

  test('keeps nothing of what was said once it is sent', async () => {
    const command = await taken();
    await ledger.begin([command]);
    await ledger.finish([done(command)], nothing);
    const rows = await database.query(
      'select state, command from channel.send_ledger where message_id = $1',
      [command.id],
    );
    expect(rows).toEqual([{ state: 'sent', command: null }]);
  });
});
