import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@yixian/contracts/testing';
import { freshDatabase } from '../testing/index.ts';
import { Parcel, shopSchema } from '../testing/fixtures/shop-schema.ts';
import type { DatabaseError } from './database-error.ts';
import type { Database } from './database.ts';

/** What `work` rejects with. */
async function failure(work: Promise<unknown>): Promise<DatabaseError> {
  return work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: DatabaseError) => error,
  );
}

// The first run makes the server and the template.
jest.setTimeout(30_000);

describe('a database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase({ parts: [shopSchema] });
  });
  afterAll(() => database.close());

  const parcels = async () =>
    (await database.query<{ id: number }>('select id from shop.parcel order by id')).map(({ id }) => id);

  describe('answers', () => {
    it('bigints as numbers, and refuses those that are not safe', async () => {
      expect(await database.query('select 9007199254740991::bigint as most, null::bigint as none')).toEqual([
        { most: Number.MAX_SAFE_INTEGER, none: null },
      ]);
      await expect(database.query('select 9007199254740992::bigint')).rejects.toThrow(RangeError);
    });

    it('times as dates, JSON parsed, numeric as text', async () => {
      const [row] = await database.query<Record<string, unknown>>(
        `select '2026-01-02T03:04:05.678Z'::timestamptz as at, '{"a":1}'::jsonb as json, 1.50::numeric as price`,
      );
      expect(row).toEqual({ at: new Date('2026-01-02T03:04:05.678Z'), json: { a: 1 }, price: '1.50' });
    });

    it('a named statement that each connection prepares once', async () => {
      await database.transaction(async (tx) => {
        const twice = { name: 'twice', text: 'select 2 * $1::int as doubled' };
        expect(await tx.query(twice, [2])).toEqual([{ doubled: 4 }]);
        expect(await tx.query(twice, [3])).toEqual([{ doubled: 6 }]);
        const prepared = await tx.query(`select name from pg_prepared_statements where name = 'twice'`);
        expect(prepared).toHaveLength(1);
      });
    });

    it('that it is well while all its connections are busy with others', async () => {
      const narrow = await freshDatabase({ parts: [shopSchema], poolSize: 1 });
      const others = [1, 2, 3, 4].map(() => narrow.query('select pg_sleep(1)'));
      expect(await narrow.healthy()).toBe(true);
      expect(narrow.usage.waiting).toBeGreaterThan(0);
      await Promise.all(others);
      await narrow.close();
    });

    it('entities of TypeORM on the same pool', async () => {
      const parcel = { id: 100, weight: 5_000_000_000, sentAt: new Date('2026-05-05T00:00:00Z') };
      await database.source.manager.save(Parcel, parcel);
      expect(await database.source.manager.findOneBy(Parcel, { id: 100 })).toEqual(parcel);
      await database.source.manager.delete(Parcel, { id: 100 });
    });
  });

  describe('a transaction', () => {
    it('commits what it did by SQL and by TypeORM, then runs what waits for that', async () => {
      const seen: number[][] = [];
      const answer = await database.transaction(async (tx) => {
        tx.afterCommit(() => void parcels().then((ids) => seen.push(ids)));
        await tx.query('insert into shop.parcel (id, weight) values (1, 10)');
        await tx.manager.insert(Parcel, { id: 2, weight: 20 });
        expect(await parcels()).toEqual([]);
        return 'done';
      });
      expect(answer).toBe('done');
      await eventually(() => expect(seen).toEqual([[1, 2]]));
    });

    it('rolls back when its work fails, and gives that error as it was', async () => {
      const mine = new Error('mine');
      let committed = false;
      const work = database.transaction(async (tx) => {
        tx.afterCommit(() => (committed = true));
        await tx.query('insert into shop.parcel (id, weight) values (3, 10)');
        throw mine;
      });
      await expect(work).rejects.toBe(mine);
      expect(await parcels()).toEqual([1, 2]);
      expect(committed).toBe(false);
    });

    it('gives what TypeORM threw as an error of the database', async () => {
      const error = await failure(
        database.transaction((tx) => tx.manager.insert(Parcel, { id: 1, weight: 1 })),
      );
      expect(error).toMatchObject({
        name: 'DatabaseError',
        code: '23505',
        retryable: false,
        constraint: 'parcel_pkey',
      });
    });
  });

  describe('statements together', () => {
    const add = (id: number, weight: number) => ({
      name: 'test.add',
      text: 'insert into shop.parcel (id, weight) values ($1, $2) returning id',
      values: [id, weight],
    });
    const sum = { name: 'test.sum', text: 'select sum(weight)::int as sum from shop.parcel', values: [] };

    it('see what those before them did, and give the rows of each', async () => {
      const before = await database.query<{ sum: number }>(sum);
      const given = await database.together([add(40, 5), sum, add(41, 7), sum]);
      const whole = before[0]!.sum;
      expect(given).toEqual([[{ id: 40 }], [{ sum: whole + 5 }], [{ id: 41 }], [{ sum: whole + 12 }]]);
      await database.query('delete from shop.parcel where id in (40, 41)');
    });

    it('are one transaction: when one fails none has happened, and the connection goes on', async () => {
      const unprepared = { name: 'test.never', text: 'select $1::int as never', values: [1] };
      const again = [add(42, 1), add(1, 1), unprepared];
      for (let tries = 0; tries < 3; tries++)
        expect(await failure(database.together(again))).toMatchObject({ code: '23505', retryable: false });
      expect(await parcels()).toEqual([1, 2]);
      expect(await database.together([unprepared, unprepared])).toEqual([[{ never: 1 }], [{ never: 1 }]]);
    });

    it('of which one cannot be understood do nothing, time after time', async () => {
      const wrong = { name: 'test.wrong', text: 'select nonsense', values: [] };
      for (let tries = 0; tries < 2; tries++)
        expect(await failure(database.together([add(43, 1), wrong]))).toMatchObject({ code: '42703' });
      expect(await parcels()).toEqual([1, 2]);
    });

    it('of which one has a value that cannot be sent do nothing', async () => {
      const unsendable: Record<string, unknown> = {};
      unsendable.self = unsendable;
      const wrong = { name: 'test.value', text: 'select $1::json', values: [unsendable] };
      await expect(database.together([add(44, 1), wrong, add(45, 1)])).rejects.toThrow('circular');
      expect(await parcels()).toEqual([1, 2]);
    });

    it('settle once, in one transaction of their own, however many callers there are', async () => {
      const ids = Array.from({ length: 30 }, (_, n) => 100 + n);
      await Promise.all(ids.map((id) => database.together([add(id, 1), sum])));
      const where = 'where id between 100 and 129';
      const rows = await database.query<{ xmin: string }>(`select xmin::text from shop.parcel ${where}`);
      expect(new Set(rows.map(({ xmin }) => xmin)).size).toBe(30);
      await database.query(`delete from shop.parcel ${where}`);
    });
  });

  describe('an error', () => {
    it('that comes again is not retryable', async () => {
      expect(await failure(database.query('select nonsense'))).toMatchObject({
        code: '42703',
        retryable: false,
      });
    });

    it('of a lock that was not had is retryable', async () => {
      await database.transaction(async (tx) => {
        await tx.query('lock table shop.parcel in exclusive mode');
        const other = database.transaction(async (late) => {
          await late.query('set local lock_timeout = 50');
          await late.query('lock table shop.parcel in exclusive mode');
        });
        expect(await failure(other)).toMatchObject({ code: '55P03', retryable: true });
      });
    });

    it('of two serializable transactions is retryable for the loser', async () => {
      const add = (id: number, meet: Promise<void>, arrive: () => void) =>
        database.transaction(async (tx) => {
          await tx.query('set transaction isolation level serializable');
          await tx.query('select sum(weight) from shop.parcel');
          arrive();
          await meet;
          await tx.query('insert into shop.parcel (id, weight) values ($1, 1)', [id]);
        });
      const both = barrier(2);
      const results = await Promise.allSettled([
        add(10, both.met, both.arrive),
        add(11, both.met, both.arrive),
      ]);
      const reasons = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      expect(reasons).toEqual([expect.objectContaining({ code: '40001', retryable: true })]);
      await database.query('delete from shop.parcel where id in (10, 11)');
    });

    it('of a statement that takes too long is retryable, and the connection stays', async () => {
      await database.transaction(async (tx) => {
        await tx.query('savepoint here');
        await tx.query('set local statement_timeout = 50');
        expect(await failure(tx.query('select pg_sleep(5)'))).toMatchObject({
          code: '57014',
          retryable: true,
        });
        await tx.query('rollback to savepoint here');
        expect(await tx.query('select 1 as one')).toEqual([{ one: 1 }]);
      });
    });

    it('of a connection that was cut is retryable; the next statement finds another', async () => {
      const running = failure(database.query('select pg_sleep(30)'));
      await eventually(async () => (await cut(`query = 'select pg_sleep(30)'`)) > 0);
      expect(await running).toMatchObject({ name: 'DatabaseError', retryable: true });
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('of a connection that was cut between two statements of a transaction is retryable', async () => {
      const work = database.transaction(async (tx) => {
        await tx.query('insert into shop.parcel (id, weight) values (20, 1)');
        await eventually(
          async () => (await cut(`query like 'insert into shop.parcel (id, weight) values (20%'`)) > 0,
        );
        await tx.query('select 1');
      });
      expect(await failure(work)).toMatchObject({
        name: 'DatabaseError',
        retryable: true,
        outcomeUnknown: false,
      });
      expect(await parcels()).toEqual([1, 2]);
    });

    it('of a commit that was cut says that nobody knows the outcome', async () => {
      await database.query(`create function shop.dawdle() returns trigger language plpgsql as
        $$ begin perform pg_sleep(30); return null; end $$`);
      await database.query(`create constraint trigger dawdle after insert on shop.parcel
        deferrable initially deferred for each row execute function shop.dawdle()`);
      const work = failure(
        database.transaction((tx) => tx.query('insert into shop.parcel (id, weight) values (30, 1)')),
      );
      await eventually(async () => (await cut(`query = 'COMMIT'`)) > 0);
      expect(await work).toMatchObject({ retryable: true, outcomeUnknown: true });
      await database.query('drop function shop.dawdle cascade');
    });

    it('leaves no connection behind', async () => {
      await eventually(() =>
        expect(database.usage).toMatchObject({ waiting: 0, idle: database.usage.total }),
      );
    });
  });

  describe('listening', () => {
    it('hears what others notify, until it stops', async () => {
      const heard: string[] = [];
      const stop = await database.listen('news', (payload) => heard.push(payload));
      await database.query(`select pg_notify('news', 'first')`);
      await eventually(() => expect(heard).toEqual(['first']));
      await stop();
      const heardByAnother: string[] = [];
      const stopOther = await database.listen('news', (payload) => heardByAnother.push(payload));
      await database.query(`select pg_notify('news', 'second')`);
      await eventually(() => expect(heardByAnother).toEqual(['second']));
      expect(heard).toEqual(['first']);
      await stopOther();
    });

    it('is restored when its connection is cut, and says that something may have been missed', async () => {
      const heard: string[] = [];
      const stop = await database.listen('news "quoted"', (payload) => heard.push(payload));
      expect(await cut(`application_name like '%listener'`)).toBe(1);
      await eventually(() => expect(heard).toEqual(['']));
      await database.query(`select pg_notify('news "quoted"', 'again')`);
      await eventually(() => expect(heard).toEqual(['', 'again']));
      await stop();
    });
  });

  it('is a copy of the template that is gone after its end', async () => {
    const other = await freshDatabase({ parts: [shopSchema] });
    expect(await other.query('select * from shop.parcel')).toEqual([]);
    await other.close();
    await other.close();
    const name = new URL(other.url).pathname.slice(1);
    expect(await database.query('select from pg_database where datname = $1', [name])).toEqual([]);
  });

  /** Ends connections to this database that match; gives how many. */
  async function cut(which: string): Promise<number> {
    const rows = await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and (${which})`,
    );
    return rows.length;
  }
});

function barrier(count: number): { met: Promise<void>; arrive: () => void } {
  let left = count;
  let open = (): void => {};
  const met = new Promise<void>((resolve) => (open = resolve));
  return { met, arrive: () => --left === 0 && open() };
}
