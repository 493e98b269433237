import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { testServer } from '../testing/index.ts';
import type { TestServer } from '../testing/index.ts';
import { silent } from './database-log.ts';
import { Database } from './database.ts';

// The first run makes the server.
jest.setTimeout(30_000);

const SOCKET = '.s.PGSQL.5432';
const LOCK = 'select pg_advisory_xact_lock(7)';

describe('closing a database', () => {
  let server: TestServer;
  let folder: string;
  let between: Server;
  const sockets = new Set<Socket>();
  let others: Database;
  let database: Database;

  /** Patient: no timeout of the server ends what the close does not. */
  const opened = (url: string, name: string): Promise<Database> =>
    new Database({
      url,
      parts: [],
      clock: systemClock,
      log: silent,
      poolSize: 2,
      name,
      patient: true,
    }).open();
  const running = async (): Promise<string[]> => {
    const rows = await others.query<{ query: string }>(
      "select query from pg_stat_activity where application_name like 'closing%'",
    );
    return rows.map(({ query }) => query);
  };
  const waitsForLock = () => eventually(async () => (await running()).includes(LOCK));
  /** The server freezes, as far as the database can tell. */
  const freeze = (): void => sockets.forEach((socket) => socket.removeAllListeners('data').pause());

  beforeEach(async () => {
    server = await testServer();
    folder = await mkdtemp(join(tmpdir(), 'yixian-between-'));
    const real = join(new URL(server.url()).searchParams.get('host')!, SOCKET);
    between = createServer({ allowHalfOpen: true }, (client) => {
      const upstream = connect({ path: real, allowHalfOpen: true });
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(from);
        from.on('data', (bytes) => to.write(bytes));
        from.on('end', () => to.end()).on('error', () => to.destroy());
      }
    });
    between.listen(join(folder, SOCKET));
    await once(between, 'listening');
    const url = new URL(server.url());
    url.searchParams.set('host', folder);
    others = await opened(server.url(), 'others');
    database = await opened(url.href, 'closing');
  });
  afterEach(async () => {
    await others.close();
    for (const socket of sockets) socket.destroy();
    between.close();
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('waits for a transaction that is about to end, and for who waits for a connection', async () => {
    const brief = () => database.transaction((tx) => tx.query('select pg_sleep(0.1), 1 as one'));
    const work = [brief(), brief(), brief(), database.query('select 1 as one')];
    await database.close();
    for (const rows of await Promise.all(work)) expect(rows).toMatchObject([{ one: 1 }]);
  });

  it('cuts off what waits for a lock, at the server too', async () => {
    await others.transaction(async (holder) => {
      await holder.query(LOCK);
      const waiting = database.transaction((tx) => tx.query(LOCK)).catch((error: unknown) => error);
      await waitsForLock();
      await database.close();
      await eventually(async () => (await running()).length === 0);
      // By the server's word, or before it came.
      const code = expect.stringMatching(/^(57P01|08006)$/);
      expect(await waiting).toMatchObject({ name: 'DatabaseError', code, retryable: true });
    });
  });

  it('ends though the server does not answer, and so does what waits for its answer', async () => {
    await database.listen('news', () => {});
    await database.query('select 1');
    freeze();
    const unanswered = database.query('select 1').catch((error: unknown) => error);
    await database.close();
    expect(await unanswered).toMatchObject({ name: 'DatabaseError', retryable: true });
  });
});
