import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { testServer } from '../testing/index.ts';
import type { TestServer } from '../testing/index.ts';
import { silent } from './database-log.ts';
import { Database } from './database.ts';

const SOCKET = '.s.PGSQL.5432';
/** `ReadyForQuery`, idle: what ends the making of a connection (protocol, "Start-up"). */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');
const LAST_WORD = errorResponse({ S: 'FATAL', V: 'FATAL', C: '57P01', M: 'terminating connection' });

let server: TestServer;
let folder: string;
let between: Server;
let dying = false;

beforeAll(async () => {
  server = await testServer();
  folder = await mkdtemp(join(tmpdir(), 'yixian-between-'));
  const real = join(new URL(server.url()).searchParams.get('host')!, SOCKET);
  between = createServer((client) => {
    const upstream = connect(real);
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      if (dying && bytes.subarray(-READY.length).equals(READY)) client.end(Buffer.concat([bytes, LAST_WORD]));
      else client.write(bytes);
    });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  between.listen(join(folder, SOCKET));
  await once(between, 'listening');
});
afterAll(async () => {
  between.close();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

it('lives through a server that dies in the moment in which a connection is ready', async () => {
  const url = new URL(server.url());
  url.searchParams.set('host', folder);
  const options = { url: url.href, parts: [], clock: systemClock, log: silent, poolSize: 4, name: 'test' };
  const database = await new Database(options).open();
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('uncaughtException', hear);
  dying = true;
  // One connection is there already; the others are made, and die.
  const answers = await Promise.allSettled(
    Array.from({ length: 4 }, () => database.query('select pg_sleep(0.1)')),
  );
  dying = false;
  process.off('uncaughtException', hear);
  expect(unheard).toEqual([]);
  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) {
    expect(answer).toMatchObject({ reason: { name: 'DatabaseError', retryable: true } });
  }
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  await database.close();
});

function errorResponse(fields: Record<string, string>): Buffer {
  const body = Buffer.from(
    `${Object.entries(fields)
      .map(([key, text]) => `${key}${text}\0`)
      .join('')}\0`,
  );
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from('E'), length, body]);
}
