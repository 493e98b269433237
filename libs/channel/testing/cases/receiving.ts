import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ChannelAnnounced, MAX_TEXT, newId } from '@yixian/contracts';
import type { ConversationId } from '@yixian/contracts';
import { entryIdOf } from '@yixian/contracts/node';
import type { Channel, Received } from '../../src/channel.ts';
import { wantReplay } from '../../src/receiving/quarantine.ts';
import { eventually } from '@yixian/contracts/testing';
import type { Stage } from '../stage.ts';
import { ACCOUNT } from '../stage.ts';

/** What goes for everything that comes in. */
export function receivingCases<C extends Channel>(stage: () => Stage<C>): void {
  const note = (address: string, text: string, nativeId = `native-${address}-${text}`) => ({
    account: ACCOUNT,
    address: stage().addressOf(address),
    nativeId,
    text,
  });
  const handed = (address: string, change: Partial<Received> = {}): Received => ({
    account: ACCOUNT,
    address: stage().addressOf(address),
    nativeId: `handed-${address}`,
    occurredAt: Date.UTC(2026, 0, 1),
    sender: { claims: [] },
    text: 'handed over',
    attachments: [],
    ...change,
  });

  test('says of itself what fits the contract', () => {
    const { about } = stage().world.channel();
    const announced = {
      kind: 'channel.announced',
      id: '00000000-0000-4000-8000-000000000000',
      abilities: [],
      at: '2026-01-01T00:00:00Z',
    };
    expect(ChannelAnnounced.safeParse({ ...announced, ...about }).error).toBeUndefined();
  });

  test('acknowledges what the hub will get', async () => {
    const process = await stage().start();
    expect(await stage().world.write(process.channel, note('ann', 'hello'))).toBe('acknowledged');
    await eventually(() => expect(stage().received('ann')).toEqual(['hello']));
    await process.stop();
  });

  test('acknowledges a duplicate too, which has the same id', async () => {
    const process = await stage().start();
    for (let times = 0; times < 3; times++) {
      expect(await stage().world.write(process.channel, note('bob', 'once'))).toBe('acknowledged');
    }
    await eventually(() => expect(stage().received('bob').length).toBeGreaterThan(0));
    const ids = stage().inbound.flatMap((event) =>
      event.kind === 'message.received' && event.address === stage().addressOf('bob') ? [event.id] : [],
    );
    expect(new Set(ids).size).toBe(1);
    await process.stop();
  });

  test('tells upstream to come again while there is no bus, and takes it after', async () => {
    const process = await stage().start();
    process.bus.down = true;
    expect(await stage().world.write(process.channel, note('cleo', 'patience'))).toBe('again');
    process.bus.down = false;
    expect(await stage().world.write(process.channel, note('cleo', 'patience'))).toBe('acknowledged');
    await eventually(() => expect(stage().received('cleo')).toEqual(['patience']));
    await process.stop();
  });

  test('loses nothing that it acknowledged when processes are killed at any moment', async () => {
    const texts = Array.from({ length: 60 }, (_, n) => `m${n}`);
    let process = await stage().start();
    for (const [n, text] of texts.entries()) {
      const writing = stage().world.write(process.channel, note('dora', text));
      if (n % 20 === 10) {
        // Now, while it is somewhere between the customer and the bus.
        await process.kill();
        process = await stage().start();
      }
      if ((await writing) === 'acknowledged') continue;
      await eventually(async () =>
        expect(await stage().world.write(process.channel, note('dora', text))).toBe('acknowledged'),
      );
    }
    // Twice is allowed, the hub knows them by id; out of order or not at all is not.
    await eventually(() => expect([...new Set(stage().received('dora'))]).toEqual(texts));
    await process.stop();
  });

  test('hands on which thread a message belongs to, what it is about and what it quotes', async () => {
    const process = await stage().start();
    const relatedTo = newId<ConversationId>();
    await process.host.receive(
      handed('gus', { nativeId: 'gus-1', thread: '<a@b>', subject: '发票', relatedTo }),
    );
    await process.host.receive(handed('gus', { nativeId: 'gus-2' }));
    await eventually(() => {
      const [first, second] = stage().inbound.filter(({ address }) => address === stage().addressOf('gus'));
      expect(first).toMatchObject({ thread: '<a@b>', subject: '发票', relatedTo });
      for (const key of ['thread', 'subject', 'relatedTo']) expect(second).not.toHaveProperty(key);
    });
    await process.stop();
  });

  test('sets aside what can never be taken, visible and replayable', async () => {
    const process = await stage().start();
    const outcome = await process.host.receive(handed('eve', { text: 'x'.repeat(MAX_TEXT + 1) }));
    expect(outcome).toEqual({ accepted: false, retry: false, quarantined: expect.any(String) });
    const [kept] = await process.hosted.quarantine.waiting();
    expect(kept).toMatchObject({
      form: 'message',
      nativeId: 'handed-eve',
      why: expect.stringContaining('text'),
    });
    // Somebody mends it where it lies, and asks for it to be taken again.
    await stage().database.query('update channel.quarantine set raw = $1 where id = $2', [
      Buffer.from(JSON.stringify(handed('eve', { text: 'mended' }))),
      kept!.id,
    ]);
    expect(await wantReplay(stage().database, kept!.id)).toBe(true);
    await eventually(() => expect(stage().received('eve')).toEqual(['mended']));
    await eventually(async () => expect(await process.hosted.quarantine.waiting()).toEqual([]));
    await process.stop();
  });

  test('survives hostile text, whole or set aside, and goes on', async () => {
    const process = await stage().start();
    const hostile = [
      `nul \0 byte`,
      'lone \ud800 half',
      `'; drop table channel.store; --`,
      '<script>alert(1)</script>',
      '\u202Egpj.exe',
    ];
    for (const [n, text] of hostile.entries()) {
      const outcome = await process.host.receive(handed('fay', { text, nativeId: `hostile-${n}` }));
      expect(outcome).toMatchObject({ accepted: true });
    }
    await eventually(() => expect(stage().received('fay')).toHaveLength(hostile.length));
    expect(stage().received('fay').slice(0, 2)).toEqual(['nul \ufffd byte', 'lone \ufffd half']);
    expect(
      await process.host.receive(handed('fay', { nativeId: 'no-time', occurredAt: Number.NaN })),
    ).toMatchObject({
      accepted: true,
      id: entryIdOf(stage().name, ACCOUNT, 'no-time'),
    });
    await process.stop();
  });

  test('refuses an attachment that is too large and keeps none of it', async () => {
    const process = await stage().start();
    const large = process.host.media.put(randomBytes(2_000), { name: 'large', maxBytes: 1_000 });
    await expect(large).rejects.toMatchObject({ code: 'too_large' });
    await process.stop();
  });

  test('keeps what it cannot parse', async () => {
    const { world } = stage();
    if (!world.writeNonsense) return;
    const process = await stage().start();
    expect(await world.writeNonsense(process.channel, 'no { message')).toBe('acknowledged');
    const [kept] = await process.hosted.quarantine.waiting();
    expect(kept).toMatchObject({ form: 'raw', raw: Buffer.from('no { message') });
    await process.stop();
  });
}
