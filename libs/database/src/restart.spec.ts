import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import type { TestServer } from '../testing/index.ts';
import { eventually } from '@yixian/contracts/testing';
import { testServer } from '../testing/index.ts';
import { DatabaseError } from './database-error.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';

const retryable = expect.objectContaining({ name: 'DatabaseError', retryable: true });

// Servers are stopped and started, also on busy machines.
jest.setTimeout(30_000);

describe('a database whose server fails', () => {
  let server: TestServer;
  let database: Database;
  beforeAll(async () => {
    server = await testServer();
    database = await server.database({ parts: [] });
    await database.query('create table mark (id int primary key)');
  });
  afterAll(() => server.remove());

  const back = (check: Database = database) =>
    eventually(async () => (await check.healthy()) || false, 20_000);

  it.each([
    ['restarted', () => server.stop()],
    ['killed', () => server.kill()],
  ])('rejects what runs when the server is %s, and works again after its start', async (_how, fail) => {
    const heard: string[] = [];
    const stop = await database.listen('mark', (payload) => heard.push(payload));
    const running = [
      database.query('select pg_sleep(20)'),
      database.transaction((tx) => tx.query('select pg_sleep(20)')),
      database.transaction((tx) => tx.manager.query('select pg_sleep(20)')),
    ].map((work) => work.catch((error: DatabaseError) => error));
    await eventually(async () => {
      const [row] = await database.query<{ busy: number }>(
        `select count(*)::int as busy from pg_stat_activity where query = 'select pg_sleep(20)' and state = 'active'`,
      );
      expect(row!.busy).toBe(3);
    });
    await fail();
    expect(await Promise.all(running)).toEqual([retryable, retryable, retryable]);
    expect(await database.healthy()).toBe(false);
    await expect(database.query('select 1')).rejects.toEqual(retryable);
    await expect(database.transaction((tx) => tx.query('select 1'))).rejects.toEqual(retryable);

    await server.start();
    await back();
    await eventually(() => expect(heard).toEqual(['']));
    await stop();
  });

  it('keeps what was committed before a kill', async () => {
    await database.query('insert into mark values (7)');
    await server.kill();
    await server.start();
    await back();
    expect(await database.query('select id from mark')).toEqual([{ id: 7 }]);
  });

  it('says within seconds that a frozen server does not answer, and goes on when it thaws', async () => {
    process.kill(server.pid, 'SIGSTOP');
    const backends = await freezeChildren(server.pid);
    const since = systemClock.monotonic();
    expect(await database.healthy()).toBe(false);
    expect(systemClock.monotonic() - since).toBeLessThan(4_000);
    for (const pid of [server.pid, ...backends]) process.kill(pid, 'SIGCONT');
    await back();
  });

  it('cannot be opened where nobody listens', async () => {
    const url = 'postgresql://nobody@127.0.0.1:1/nothing';
    const opening = openDatabase({ url, dataDir: '', parts: [], clock: systemClock });
    await expect(opening).rejects.toBeInstanceOf(DatabaseError);
    await expect(opening).rejects.toEqual(retryable);
  });
});

/** Stops the server's processes for connections; gives their pids. */
async function freezeChildren(parent: number): Promise<number[]> {
  const pids = (await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(parent)])).stdout
    .split(/\s+/)
    .filter(Boolean);
  for (const pid of pids) process.kill(Number(pid), 'SIGSTOP');
  return pids.map(Number);
}
