import { expect, test } from '@jest/globals';
import { newId } from '@yixian/contracts';
import type { Address, EntryId } from '@yixian/contracts';
import { DeliveryError } from '../../src/channel.ts';
import type { Channel } from '../../src/channel.ts';
import { eventually } from '@yixian/contracts/testing';
import type { Stage } from '../stage.ts';
import { ACCOUNT } from '../stage.ts';

type Send = Channel['send'];

/** What goes for everything that goes out. */
export function sendingCases<C extends Channel>(stage: () => Stage<C>): void {
  /** Counts calls per message, and does `instead` before the real thing, until it gives way. */
  const counting =
    (calls: string[], instead?: (text: string, call: number) => Promise<void>) =>
    (real: Send): Send => {
      return async (message, account) => {
        calls.push(message.text);
        await instead?.(message.text, calls.filter((text) => text === message.text).length);
        return real(message, account);
      };
    };
  /** Counts the calls per message by which the customer may have got it: not those that are certain to have failed. */
  const reaching =
    (calls: string[]) =>
    (real: Send): Send => {
      return async (message, account) => {
        calls.push(message.text);
        try {
          return await real(message, account);
        } catch (error) {
          if (error instanceof DeliveryError && error.certain) calls.splice(calls.indexOf(message.text), 1);
          throw error;
        }
      };
    };
  const ended = async (id: EntryId, state: string) =>
    eventually(() => expect(stage().receipts(id)).toContain(state));
  const never = () => new Promise<void>(() => undefined);

  test('sends once, and says so', async () => {
    const calls: string[] = [];
    const process = await stage().start({ send: counting(calls) });
    const [id] = await stage().send({ address: 'gus', text: 'answer' });
    await eventually(() => expect(stage().receipts(id!)).toHaveLength(1));
    expect(['sent', 'delivered', 'queued']).toContain(stage().receipts(id!)[0]);
    expect(calls).toEqual(['answer']);
    expect(stage().world.arrived?.(stage().addressOf('gus')) ?? ['answer']).toEqual(['answer']);
    await process.stop();
  });

  test('sends a command that comes twice once', async () => {
    const calls: string[] = [];
    const process = await stage().start({ send: counting(calls) });
    const id = newId<EntryId>();
    const twice = { address: 'hal', text: 'twice', id };
    await stage().send(twice);
    await stage().send(twice, { address: 'hal', text: 'after' }, twice);
    await eventually(() => expect(calls).toEqual(['twice', 'after']));
    await process.stop();
  });

  test('keeps the order of each customer, and lets none wait for another', async () => {
    let release = () => undefined as void;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const calls: string[] = [];
    const process = await stage().start({
      send: counting(calls, (text) => (text === 'slow 0' ? slow : Promise.resolve())),
    });
    const numbers = Array.from({ length: 12 }, (_, n) => n);
    const ids = await stage().send(
      ...numbers.flatMap((n) =>
        ['slow', 'ivy', 'jan'].map((address) => ({ address, text: `${address} ${n}` })),
      ),
    );
    const of = (address: string) => calls.filter((text) => text.startsWith(address));
    await eventually(() => expect([of('ivy').length, of('jan').length]).toEqual([12, 12]));
    expect(of('slow')).toEqual(['slow 0']);
    release();
    await eventually(() => expect(ids.every((id) => stage().receipts(id).length > 0)).toBe(true));
    for (const address of ['slow', 'ivy', 'jan'])
      expect(of(address)).toEqual(numbers.map((n) => `${address} ${n}`));
    await process.stop();
  });

  test('tries again what surely did not arrive, in order', async () => {
    const calls: string[] = [];
    const busy = async (text: string, call: number) => {
      if (text === 'first' && call < 3) throw new DeliveryError('busy', { retryable: true, certain: true });
    };
    const process = await stage().start({ send: counting(calls, busy) });
    const [first, second] = await stage().send(
      { address: 'kim', text: 'first' },
      { address: 'kim', text: 'second' },
    );
    await eventually(() => expect(stage().receipts(second!)).toHaveLength(1));
    expect(calls).toEqual(['first', 'first', 'first', 'second']);
    expect(stage().receipts(first!)).toHaveLength(1);
    await process.stop();
  });

  test.each([
    [
      'failed',
      'is refused for good',
      new DeliveryError('window_closed', { retryable: false, certain: true }),
    ],
    ['failed', 'is refused again and again', new DeliveryError('busy', { retryable: true, certain: true })],
    ['unknown', 'may have arrived', new DeliveryError('timeout', { retryable: true, certain: false })],
    ['unknown', 'met a bug', new TypeError('undefined is not a function')],
  ])('says %s of a message that %s', async (state, _, error) => {
    const calls: string[] = [];
    const process = await stage().start({
      send: counting(calls, (text) => (text === 'bad' ? Promise.reject(error) : Promise.resolve())),
    });
    const address = `lea-${calls.length}-${error.message.length}-${state}`;
    const [bad, good] = await stage().send({ address, text: 'bad' }, { address, text: 'good' });
    await eventually(() => expect(stage().receipts(good!)).toHaveLength(1));
    expect(stage().receipts(bad!)).toEqual([state]);
    const again = error instanceof DeliveryError && error.retryable && error.certain;
    expect(calls.filter((text) => text === 'bad')).toHaveLength(again ? 5 : 1);
    await process.stop();
  });

  test('says unknown when the channel says nothing, and corrects itself when it does', async () => {
    let answer = () => undefined as void;
    const late = new Promise<void>((resolve) => (answer = resolve));
    const process = await stage().start({ send: counting([], () => late), tuning: { sendTimeoutMs: 100 } });
    const [id] = await stage().send({ address: 'mia', text: 'slow' });
    await ended(id!, 'unknown');
    answer();
    await eventually(() => expect(stage().receipts(id!)).toHaveLength(2));
    await process.stop();
  });

  test('after a crash around a send never sends twice, and says unknown', async () => {
    const calls: string[] = [];
    const repeatable = stage().world.channel().repeatable ?? false;
    const doomed = await stage().start({
      send: counting(calls, (text) => (text === 'in doubt' ? never() : Promise.resolve())),
    });
    const [doubtful, waiting] = await stage().send(
      { address: 'ned', text: 'in doubt' },
      { address: 'ned', text: 'waits' },
    );
    await eventually(() => expect(calls).toEqual(['in doubt']));
    await doomed.kill();
    const next = await stage().start({ send: counting(calls) });
    await eventually(() => expect(stage().receipts(waiting!)).toHaveLength(1));
    expect(calls).toEqual(repeatable ? ['in doubt', 'in doubt', 'waits'] : ['in doubt', 'waits']);
    expect(stage().receipts(doubtful!)).toHaveLength(1);
    expect(stage().receipts(doubtful!)[0] === 'unknown').toBe(!repeatable);
    await next.stop();
  });

  test('whose lane goes to another process and comes back meanwhile ends as it does, and is not sent again', async () => {
    let finish = () => undefined as void;
    const running = new Promise<void>((resolve) => (finish = resolve));
    const calls: string[] = [];
    const repeatable = stage().world.channel().repeatable ?? false;
    const process = await stage().start({ send: counting(calls, () => running) });
    const [id] = await stage().send({ address: 'oda', text: 'runs' });
    await eventually(() => expect(calls).toEqual(['runs']));
    // The other one died at once: the lane is taken back, and what seems to have been interrupted is settled.
    const gone = `update channel.lane set owner = gen_random_uuid(), alive_until = '-infinity'`;
    await stage().database.query(gone);
    const state = async (): Promise<unknown> => {
      const ofMessage = 'select state from channel.send_ledger where message_id = $1';
      return (await stage().database.query<{ state: string }>(ofMessage, [id]))[0]?.state;
    };
    await eventually(async () => expect(await state()).toBe(repeatable ? 'queued' : 'unknown'));
    finish();
    await eventually(async () => expect(await state()).toBe('sent'));
    await eventually(() => expect(stage().receipts(id!)).toHaveLength(repeatable ? 1 : 2));
    expect(calls).toEqual(['runs']);
    await process.stop();
  });

  test('between processes that come, go and are killed, sends at most once and forgets nothing', async () => {
    const calls: string[] = [];
    const all: EntryId[] = [];
    let process = await stage().start({ send: reaching(calls) });
    for (let round = 0; round < 4; round++) {
      const texts = Array.from({ length: 15 }, (_, n) => `r${round} n${n}`);
      all.push(...(await stage().send(...texts.map((text) => ({ address: `oto-${text.at(-1)}`, text })))));
      const next = await stage().start({ send: reaching(calls) });
      await (round % 2 ? process.stop() : process.kill());
      process = next;
    }
    await eventually(() => expect(all.filter((id) => stage().receipts(id).length === 0)).toEqual([]), 40_000);
    const { world } = stage();
    const arrived = Array.from(
      { length: 10 },
      (_, n) => world.arrived?.(stage().addressOf(`oto-${n}`)) ?? [],
    );
    for (const texts of world.channel().repeatable ? [] : [calls, arrived.flat()])
      expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
    await process.stop();
  });

  test('drains: what runs ends, nothing more is taken, the rest is for the next', async () => {
    let finish = () => undefined as void;
    const running = new Promise<void>((resolve) => (finish = resolve));
    const calls: string[] = [];
    const old = await stage().start({
      send: counting(calls, (text) => (text === 'runs' ? running : Promise.resolve())),
    });
    const [runs, rest] = await stage().send(
      { address: 'pat', text: 'runs' },
      { address: 'pat', text: 'rest' },
    );
    await eventually(() => expect(calls).toEqual(['runs']));
    const stopping = old.stop();
    const refused = await old.host.receive({
      account: ACCOUNT,
      address: 'pat' as Address,
      nativeId: 'too late',
      occurredAt: 0,
      sender: { claims: [] },
      text: 'too late',
      attachments: [],
    });
    expect(refused).toEqual({ accepted: false, retry: true });
    finish();
    await stopping;
    await eventually(() => expect(stage().receipts(runs!)).toHaveLength(1));
    expect(stage().receipts(runs!)).not.toContain('unknown');
    expect(stage().receipts(rest!)).toEqual([]);
    const next = await stage().start({ send: counting(calls) });
    await eventually(() => expect(stage().receipts(rest!)).toHaveLength(1));
    expect(calls).toEqual(['runs', 'rest']);
    await next.stop();
  });

  test('passes on receipts in whatever order they come, also before the send is over', async () => {
    let finish = () => undefined as void;
    const running = new Promise<void>((resolve) => (finish = resolve));
    const calls: string[] = [];
    const process = await stage().start({ send: counting(calls, () => running) });
    const [id] = await stage().send({ address: 'quy', text: 'fast reader' });
    await eventually(() => expect(calls).toHaveLength(1));
    await process.host.report({ messageId: id!, state: 'read' });
    await process.host.report({ messageId: id!, state: 'delivered' });
    finish();
    await eventually(() => expect(stage().receipts(id!)).toHaveLength(3));
    expect(stage().receipts(id!).slice(0, 2)).toEqual(['read', 'delivered']);
    await process.host.report({ messageId: newId(), state: 'read' });
    await process.stop();
  });

  test('follows its accounts as they are added, changed and removed', async () => {
    const process = await stage().start();
    const seen: (string | undefined)[] = [];
    const id = `second-${newId<string>().slice(0, 8)}` as typeof ACCOUNT;
    process.host.onAccount((of, account) => of === id && seen.push(account?.name));
    expect(process.host.account(ACCOUNT)).toMatchObject({ settings: stage().world.settings() });
    await stage().setAccount({ id, name: 'one' });
    await stage().setAccount({ id, name: 'two' });
    await eventually(() => expect(seen).toEqual(['one', 'two']));
    await stage().setAccount({ id, name: 'two', enabled: false });
    await stage().setAccount({ id, name: 'three' });
    await stage().setAccount({ id, name: 'three', removed: true });
    await eventually(() => expect(seen).toEqual(['one', 'two', undefined, 'three', undefined]));
    const [message] = await stage().send({ address: 'rob', text: 'nowhere', account: id });
    await ended(message!, 'failed');
    await process.stop();
  });
}
