import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { testServer } from '@yixian/database/testing';
import { eventually } from '../../testing/eventually.ts';
import { FreezableClock } from '../../testing/freezable-clock.ts';
import { paperWorld } from '../../testing/paper/paper-world.ts';
import type { PaperWorld } from '../../testing/paper/paper-world.ts';
import type { PaperChannel } from '../../testing/paper/paper-channel.ts';
import { Stage, stageParts } from '../../testing/stage.ts';

jest.setTimeout(90_000);

let world: PaperWorld;
let stage: Stage<PaperChannel>;

describe('letters to a box that misbehaves', () => {
  beforeEach(async () => {
    world = await paperWorld();
    stage = await Stage.open(world);
  });
  afterEach(() => stage.close());

  test('arrive once when the box was busy, and not at all when it refused', async () => {
    await stage.start();
    world.box.misbehave(['busy', 'busy'], 'ann');
    world.box.misbehave(['refuse'], 'bob');
    const [late, no] = await stage.send(
      { address: 'ann', text: 'patience' },
      { address: 'bob', text: 'junk mail' },
    );
    await eventually(() =>
      expect([stage.receipts(late!), stage.receipts(no!)]).toEqual([['sent'], ['failed']]),
    );
    expect(world.box.letters.map(({ text }) => text)).toEqual(['patience']);
  });

  test('are unknown when the box fell silent after it took them, and are never put in again', async () => {
    await stage.start({ tuning: { sendTimeoutMs: 200 } });
    world.box.misbehave(['cut', 'mute']);
    const ids = await stage.send(
      { address: 'cleo', text: 'cut' },
      { address: 'cleo', text: 'mute' },
      { address: 'cleo', text: 'fine' },
    );
    await eventually(() =>
      expect(ids.map((id) => stage.receipts(id))).toEqual([['unknown'], ['unknown'], ['sent']]),
    );
    expect(world.box.letters.map(({ text }) => text)).toEqual(['cut', 'mute', 'fine']);
  });

  test('wait while nobody can be reached, and fail in the end', async () => {
    await stage.start();
    await world.box.close();
    const [id] = await stage.send({ address: 'dora', text: 'nobody home' });
    await eventually(() => expect(stage.receipts(id!)).toEqual(['failed']));
    const [row] = await stage.database.query(
      'select attempts, reason from channel.send_ledger where message_id = $1',
      [id],
    );
    expect(row).toEqual({ attempts: 5, reason: 'peer_unreachable' });
    world.close = async () => undefined;
  });

  test('are not sent by an owner that was frozen while another took over', async () => {
    const clock = new FreezableClock();
    await stage.start({
      clock,
      tuning: { retry: { firstMs: 50, longestMs: 50, attempts: 99, giveUpAfterMs: 60_000 } },
    });
    world.box.misbehave(['busy']);
    const [id] = await stage.send({ address: 'eve', text: 'once' });
    await eventually(async () => {
      const rows = await stage.database.query<{ due: boolean }>(
        'select due_at is not null as due from channel.send_ledger',
      );
      expect(rows).toEqual([{ due: true }]);
    });
    clock.freeze();
    const heir = await stage.start();
    await eventually(() => expect(stage.receipts(id!)).toEqual(['sent']));
    clock.thaw();
    const [next] = await stage.send({ address: 'eve', text: 'next' });
    await eventually(() => expect(stage.receipts(next!)).toEqual(['sent']));
    expect(world.box.letters.map(({ text }) => text)).toEqual(['once', 'next']);
    await heir.stop();
  });

  test('wait for an owner that was frozen and that nobody replaced, in order', async () => {
    const clock = new FreezableClock();
    await stage.start({ clock });
    world.box.misbehave(['hold']);
    const texts = ['held', 'second', 'third'];
    const ids = await stage.send(...texts.map((text) => ({ address: 'eli', text })));
    await eventually(() => expect(world.box.holding).toBe(1));
    clock.freeze();
    await eventually(async () => {
      const alive = await stage.database.query(
        'select from channel.lane where alive_until > clock_timestamp()',
      );
      expect(alive).toEqual([]);
    });
    world.box.release();
    clock.thaw();
    await eventually(() =>
      expect(ids.map((id) => stage.receipts(id))).toEqual([['sent'], ['sent'], ['sent']]),
    );
    expect(world.box.letters.map(({ text }) => text)).toEqual(texts);
  });

  test('that a frozen owner was sending are unknown, until it thaws and knows', async () => {
    const clock = new FreezableClock();
    await stage.start({ clock });
    world.box.misbehave(['hold']);
    const [id] = await stage.send({ address: 'fay', text: 'held' });
    await eventually(() => expect(world.box.holding).toBe(1));
    clock.freeze();
    await stage.start();
    await eventually(() => expect(stage.receipts(id!)).toEqual(['unknown']));
    world.box.release();
    clock.thaw();
    await eventually(() => expect(stage.receipts(id!)).toEqual(['unknown', 'sent']));
    expect(world.box.letters).toHaveLength(1);
  });
});

test('what was sent while the database was killed is still written down, and the rest still sent', async () => {
  const server = await testServer();
  world = await paperWorld();
  stage = await Stage.open(world, await server.database({ parts: stageParts }));
  await stage.start();
  world.box.misbehave(['hold'], 'gus');
  const ids = await stage.send({ address: 'gus', text: 'during' }, { address: 'gus', text: 'after' });
  await eventually(() => expect(world.box.holding).toBe(1));
  await server.kill();
  world.box.release();
  await server.start();
  await eventually(() => expect(ids.map((id) => stage.receipts(id))).toEqual([['sent'], ['sent']]), 60_000);
  expect(world.box.letters.map(({ text }) => text)).toEqual(['during', 'after']);
  await stage.close();
  await server.remove();
});
