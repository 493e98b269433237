import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DatabaseError } from '@yixian/database';
import type { Database } from '@yixian/database';
import { testServer } from '@yixian/database/testing';
import { eventually } from '@yixian/contracts/testing';
import { FreezableClock } from '../../testing/freezable-clock.ts';
import { paperWorld } from '../../testing/paper/paper-world.ts';
import type { PaperWorld } from '../../testing/paper/paper-world.ts';
import type { PaperChannel } from '../../testing/paper/paper-channel.ts';
import { overlay, Stage, stageParts } from '../../testing/stage.ts';

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

  test('are sent by whoever took over from a frozen owner, which does not overtake it when it thaws', async () => {
    const clock = new FreezableClock();
    const slow = { firstMs: 50, longestMs: 50, attempts: 99, giveUpAfterMs: 60_000 };
    await stage.start({ clock, tuning: { retry: slow } });
    world.box.misbehave(['busy', 'hold'], 'eve');
    const [once, next] = await stage.send({ address: 'eve', text: 'once' }, { address: 'eve', text: 'next' });
    await eventually(async () => {
      const tried = await stage.database.query('select from channel.send_ledger where due_at is not null');
      expect(tried).toHaveLength(1);
    });
    clock.freeze();
    await stage.start();
    await eventually(() => expect(world.box.holding).toBe(1));
    clock.thaw();
    const [other] = await stage.send({ address: 'somebody else', text: 'meanwhile' });
    await eventually(() => expect(stage.receipts(other!)).toEqual(['sent']));
    const toEve = () => world.box.letters.flatMap(({ address, text }) => (address === 'eve' ? [text] : []));
    expect(toEve()).toEqual(['once']);
    world.box.release();
    await eventually(() =>
      expect([stage.receipts(once!), stage.receipts(next!)]).toEqual([['sent'], ['sent']]),
    );
    expect(toEve()).toEqual(['once', 'next']);
  });

  test.each(['taking it off the bus', 'beginning', 'ending'])(
    'are sent and told once when the answer of the commit of %s is lost',
    async (step) => {
      const lost = new Set<string>();
      await stage.start({ database: (real) => forgetful(real, lost) });
      world.box.misbehave(['hold'], 'flo');
      if (step !== 'ending') lost.add(step);
      const ids = await stage.send({ address: 'flo', text: 'one' }, { address: 'flo', text: 'two' });
      await eventually(() => expect(world.box.holding).toBe(1));
      if (step === 'ending') lost.add('ending');
      world.box.release();
      await eventually(() => expect(ids.map((id) => stage.receipts(id))).toEqual([['sent'], ['sent']]));
      expect(lost.size).toBe(0);
      expect(world.box.letters.map(({ text }) => text)).toEqual(['one', 'two']);
    },
  );

  test('go on, in order, when the lease ran out and nobody took the lane', async () => {
    await stage.start({ tuning: { leaseMs: 60_000 } });
    world.box.misbehave(['hold']);
    const texts = ['held', 'second', 'third'];
    const ids = await stage.send(...texts.map((text) => ({ address: 'eli', text })));
    await eventually(() => expect(world.box.holding).toBe(1));
    await stage.database.query(`update channel.lane set alive_until = '-infinity'`);
    world.box.release();
    await eventually(() =>
      expect(ids.map((id) => stage.receipts(id))).toEqual([['sent'], ['sent'], ['sent']]),
    );
    expect(world.box.letters.map(({ text }) => text)).toEqual(texts);
  });

  test('stay in order when the lane comes just when the first of them was found to be another’s', async () => {
    const another = `'00000000-0000-4000-8000-000000000001'`;
    const letGo = `update channel.lane set owner = null, alive_until = '-infinity' where owner = ${another}`;
    const asked = { want: 0, keep: 0 };
    const lost = new Set<string>();
    await stage.start({
      database: (real) => {
        const database = forgetful(real, lost);
        return overlay<Database>(database, {
          query: async (sql: Parameters<Database['query']>[0], values?: unknown[]) => {
            const name = typeof sql === 'string' ? '' : sql.name;
            if (name === 'channel.lanes.want' && ++asked.want === 2) await real.query(letGo);
            if (name === 'channel.lanes.keep') asked.keep++;
            return database.query(sql, values);
          },
        } as Partial<Database>);
      },
    });
    await stage.database.query(
      `update channel.lane set owner = ${another}, alive_until = now() + interval '1 h'`,
    );
    const rounds = async (): Promise<void> => {
      const before = asked.keep;
      await eventually(() => expect(asked.keep).toBeGreaterThan(before + 1));
    };
    await rounds();
    // Its commit is known to nobody, so that all of it is read from the ledger, in a lane that is not ours.
    lost.add('taking it off the bus');
    const ids = await stage.send({ address: 'ike', text: 'one' }, { address: 'ike', text: 'two' });
    await eventually(() => expect(asked.want).toBeGreaterThan(0));
    await rounds();
    await eventually(async () => {
      await stage.database.query(letGo);
      // In a lane that was another's, what is being sent may pass for interrupted until it is over.
      expect(ids.map((id) => stage.receipts(id).at(-1))).toEqual(['sent', 'sent']);
    });
    expect(world.box.letters.map(({ text }) => text)).toEqual(['one', 'two']);
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

/** A database that commits what it is asked to, but whose answer is lost, once for each step in `lost`. */
function forgetful(real: Database, lost: Set<string>): Database {
  const lose = (step: string) => {
    if (lost.delete(step))
      throw new DatabaseError('The answer was lost.', '08006', true, { outcomeUnknown: true });
  };
  const statements: Record<string, string> = {
    'channel.ledger.take': 'taking it off the bus',
    'channel.ledger.begin': 'beginning',
    'channel.ledger.finish': 'ending',
  };
  return overlay<Database>(real, {
    async query<Row extends object>(
      sql: Parameters<Database['query']>[0],
      values?: unknown[],
    ): Promise<Row[]> {
      const rows = await real.query<Row>(sql, values);
      if (typeof sql !== 'string') lose(statements[sql.name] ?? '');
      return rows;
    },
    async transaction<T>(work: Parameters<Database['transaction']>[0]): Promise<T> {
      const steps: string[] = [];
      const result = await real.transaction((tx) =>
        work(
          overlay(tx, {
            query: (sql, values) => {
              if (typeof sql !== 'string') steps.push(statements[sql.name] ?? '');
              return tx.query(sql, values);
            },
          }),
        ),
      );
      for (const step of steps) lose(step);
      return result as T;
    },
  });
}
