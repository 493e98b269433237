import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newId, systemClock, timestamp, topics } from '@yixian/contracts';
import type { AccountId, Address, ConversationId, EntryId } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { PaperChannel } from '../testing/paper/paper-channel.ts';
import { paperWorld } from '../testing/paper/paper-world.ts';
import type { PaperWorld } from '../testing/paper/paper-world.ts';
import { ACCOUNT, Stage } from '../testing/stage.ts';
import { abilitiesOf } from './abilities.ts';
import { wantReplay } from './receiving/quarantine.ts';

jest.setTimeout(60_000);

describe('a channel with abilities', () => {
  let world: PaperWorld;
  let stage: Stage<PaperChannel>;
  beforeAll(async () => {
    world = await paperWorld();
    stage = await Stage.open(world);
  });
  afterAll(() => stage.close());

  const of = (address: string) => ({ channel: stage.name, account: ACCOUNT, address: address as Address });
  const at = () => timestamp(systemClock);

  test('is announced with them', async () => {
    const process = await stage.start();
    await process.stop();
    expect(abilitiesOf(new PaperChannel())).toEqual([
      'transcript',
      'signals',
      'conversation',
      'reads',
      'state',
    ]);
    const rows = await stage.database.query<{ value: string }>(
      'select value from bus.log where topic = $1 order by "offset" desc limit 1',
      [topics.channels.name],
    );
    expect(JSON.parse(rows[0]!.value)).toMatchObject({
      channel: 'paper',
      abilities: abilitiesOf(new PaperChannel()),
    });
  });

  test('says how an account stands, in one process alone; of an account that it does not know, nothing', async () => {
    const both = [await stage.start(), await stage.start()];
    const asked = (account: string) => ({
      kind: 'account.state.asked' as const,
      id: newId<string>(),
      channel: stage.name,
      account: account as AccountId,
      at: at(),
    });
    const [known, unknown] = [asked(ACCOUNT), asked('nobody')];
    await stage.ask(known, unknown);
    const answersTo = async ({ id }: { id: string }) =>
      (
        await stage.database.query<{ value: string }>('select value from bus.log where topic = $1', [
          topics.checks.name,
        ])
      )
        .map(({ value }) => JSON.parse(value) as { kind: string; id: string; findings: object[] })
        .filter((data) => data.kind === 'account.check.answered' && data.id === id);
    await eventually(async () => {
      expect(await answersTo(known)).toMatchObject([
        { findings: [{ part: 'box', says: { en: expect.stringContaining('is open') } }] },
      ]);
      expect(await answersTo(unknown)).toMatchObject([{ findings: [] }]);
    });
    for (const process of both) await process.stop();
    expect(await answersTo(known)).toHaveLength(1);
  });

  test('shows what happens to a conversation in order with the messages', async () => {
    const process = await stage.start();
    const shown = () => process.channel.shown.map(({ what }) => what);
    world.box.misbehave(['hold'], 'ann');
    const [message] = await stage.send({ address: 'ann', text: 'goodbye' });
    const conversationId = newId<ConversationId>();
    await stage.command(
      { kind: 'read.by-agent', id: newId(), ...of('ann'), conversationId, upTo: message!, occurredAt: at() },
      {
        kind: 'conversation.shown',
        id: newId(),
        ...of('ann'),
        conversationId,
        version: 2,
        state: 'closed',
        agentName: null,
        occurredAt: at(),
      },
    );
    await eventually(() => expect(world.box.holding).toBe(1));
    expect(shown()).toEqual([]);
    world.box.release();
    await eventually(() => expect(shown()).toEqual([`read ${message}`, 'closed v2']));
    await eventually(async () => {
      const left = await stage.database.query(`select from channel.send_ledger where kind <> 'message.send'`);
      expect(left).toEqual([]);
    });
    await process.stop();
  });

  test('shows it in every process, since the customer may be connected to any', async () => {
    const [one, two] = [await stage.start(), await stage.start()];
    const conversationId = newId<ConversationId>();
    await stage.command({
      kind: 'conversation.shown',
      id: newId(),
      ...of('eve'),
      conversationId,
      version: 3,
      state: 'open',
      agentName: 'Wang',
      occurredAt: at(),
    });
    await eventually(() => {
      for (const { channel } of [one, two])
        expect(channel.shown.map(({ what }) => what)).toEqual(['open v3']);
    });
    await Promise.all([one.stop(), two.stop()]);
  });

  test('hears agents type and queues move in every process, not its own customers', async () => {
    const [one, two] = [await stage.start(), await stage.start()];
    one.host.signal({ kind: 'typing', ...of('bob'), by: 'customer', at: at() });
    one.host.signal({ kind: 'typing', ...of('bob'), by: 'agent', name: 'Wang', at: at() });
    one.host.signal({ kind: 'queue.position', ...of('bob'), ahead: 2, at: at() });
    await eventually(() => {
      for (const { channel } of [one, two]) {
        expect(channel.signals.map(({ kind }) => kind)).toEqual(['typing', 'queue.position']);
      }
    });
  });

  test('says what it learned of a customer, and takes a rating once', async () => {
    const { host } = await stage.start();
    await host.assertIdentity(ACCOUNT, 'cleo' as Address, { name: 'Cleo', claims: [] });
    const answer = {
      account: ACCOUNT,
      address: 'cleo' as Address,
      conversationId: newId<string>(),
      score: 5,
      text: 'thanks',
      nativeId: 'rating-1',
    };
    await host.answerSurvey(answer);
    await host.answerSurvey(answer);
    await expect(host.answerSurvey({ ...answer, score: 6 })).rejects.toThrow('score');
    await eventually(() => {
      const events = stage.inbound.filter((event) => event.address === 'cleo');
      expect(events.map(({ kind }) => kind)).toEqual([
        'identity.asserted',
        'survey.answered',
        'survey.answered',
      ]);
      expect(events[1]!.id).toBe(events[2]!.id);
    });
  });

  test('says what it knows of writing to an address, and what it takes back', async () => {
    const { host } = await stage.start();
    const finn = 'finn' as Address;
    await host.reportAddress(ACCOUNT, finn, { undeliverable: { reason: 'x'.repeat(600), since: 0 } });
    await host.reportAddress(ACCOUNT, finn, { undeliverable: null });
    await host.reportAllowance(ACCOUNT, finn, { until: 1000, left: 3, alternatives: ['template'] });
    await host.reportAllowance(ACCOUNT, finn, {});
    await host.reportAllowance(ACCOUNT, finn, null);
    await expect(host.reportAllowance(ACCOUNT, finn, { left: -1 })).rejects.toThrow('left');
    const none = { until: null, left: null, reason: null, alternatives: [] };
    await eventually(() => {
      const events = stage.inbound.filter((event) => event.address === finn);
      expect(events).toMatchObject([
        { undeliverable: { reason: 'x'.repeat(500), at: '1970-01-01T00:00:00.000Z' } },
        { undeliverable: null },
        { allowance: { ...none, until: '1970-01-01T00:00:01.000Z', left: 3, alternatives: ['template'] } },
        { allowance: none },
        { allowance: null },
      ]);
      expect(events[0]).not.toHaveProperty('allowance');
      expect(events[2]).not.toHaveProperty('undeliverable');
    });
  });

  test('takes again what it could not read, once it can', async () => {
    const process = await stage.start();
    const line = JSON.stringify({
      account: ACCOUNT,
      address: 'dora',
      nativeId: 'smudged-1',
      text: 'readable',
    });
    await world.writeNonsense!(process.channel, `smudged ${line}`);
    const [kept] = await process.hosted.quarantine.waiting();
    expect(await wantReplay(stage.database, kept!.id)).toBe(true);
    await eventually(() => expect(stage.received('dora')).toEqual(['readable']));
    expect(await wantReplay(stage.database, newId<EntryId>())).toBe(false);
  });
});
