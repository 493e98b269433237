import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@yixian/contracts/testing';
import { startChild } from '@yixian/database/testing';
import type { Child } from '@yixian/database/testing';
import { io } from 'socket.io-client';

const main = join(import.meta.dirname, '../testing/example-main.ts');

// Each test starts a process with a database of its own: about 2 s on a quiet machine.
jest.setTimeout(60_000);

describe('a service process', () => {
  let dataDir: string;
  const children: Child[] = [];
  const servers: Server[] = [];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'yixian-service-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.process.exitCode === null && child.process.signalCode === null) await child.end('SIGKILL');
    }
    for (const server of servers.splice(0)) server.close();
    await eventually(async () => (await leftRunning()).length === 0);
    await rm(dataDir, { recursive: true, force: true });
  });

  /** What an embedded server that runs leaves in its folder. */
  const leftRunning = async (): Promise<string[]> =>
    (await readdir(join(dataDir, 'postgres')).catch(() => [])).filter((name) =>
      /^postmaster\.pid|^users-/.test(name),
    );

  async function start(env: Record<string, string> = {}, args: string[] = []): Promise<Child> {
    const all = { PORT: '0', INTERNAL_PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, ...env };
    const child = await startChild(main, { env: all, args });
    children.push(child);
    return child;
  }

  async function listening(child: Child): Promise<{ url: string; internalUrl: string }> {
    const [url, internalUrl] = (await child.said('listening')).split(' ');
    return { url: url!, internalUrl: internalUrl! };
  }

  const logged = (child: Child): { level?: string; msg?: string; err?: { message: string } }[] =>
    child.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as object);

  async function occupied(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('on SIGTERM is not ready any more, ends requests, sends browsers elsewhere and exits with 0', async () => {
    const child = await start();
    const { url, internalUrl } = await listening(child);
    await eventually(async () => expect((await fetch(`${internalUrl}/readyz`)).status).toBe(200));
    const client = io(`${url}/greetings`, { transports: ['websocket'], reconnection: false });
    await client.emitWithAck('greet', { name: 'Li' });
    const reason = new Promise((resolve) => client.once('disconnect', resolve));
    const slow = fetch(`${url}/greetings/slow`).then((response) => response.json());
    await fetch(`${url}/greetings`);

    child.process.kill('SIGTERM');
    const stopping = { ready: false, reasons: ['stopping'] };
    await eventually(async () =>
      expect(await (await fetch(`${internalUrl}/readyz`)).json()).toEqual(stopping),
    );
    // A browser comes back by itself after this, and not after `io server disconnect`.
    expect(await reason).toBe('transport close');
    await expect(fetch(`${url}/greetings`)).rejects.toThrow('fetch failed');
    expect(await slow).toEqual({ hello: 'at last' });
    expect(await child.exit()).toEqual({ code: 0, signal: null });
    expect(await leftRunning()).toEqual([]);
    expect(logged(child).filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('has its data and its secret again after kill -9', async () => {
    const first = await start();
    await listening(first);
    const secret = await readFile(join(dataDir, 'secret'), 'utf8');
    await first.end('SIGKILL');
    const second = await start();
    const { url } = await listening(second);
    expect(await (await fetch(`${url}/greetings`)).json()).toEqual({ answer: 42 });
    expect(await readFile(join(dataDir, 'secret'), 'utf8')).toBe(secret);
    expect(await second.end()).toEqual({ code: 0, signal: null });
  });

  it('with wrong settings tells all mistakes and exits with 78', async () => {
    const child = await start({ PORT: 'many', EXAMPLE_WORD: 'no', LOG_LEVEL: 'loud' });
    expect(await child.exit()).toEqual({ code: 78, signal: null });
    const said = logged(child).at(-1)!;
    expect(said.level).toBe('fatal');
    expect(said.msg).toBe(
      'The settings are not right:\n  PORT must be a port number\n' +
        '  LOG_LEVEL must be debug, info, warn, error or silent\n  EXAMPLE_WORD must have 3 letters',
    );
    expect(await readdir(dataDir)).toEqual([]);
  });

  it.each([['PORT'], ['INTERNAL_PORT']])(
    'with a taken %s says so and leaves nothing running',
    async (name) => {
      const port = await occupied();
      const child = await start({ [name]: String(port) });
      expect(await child.exit()).toEqual({ code: 1, signal: null });
      expect(logged(child).at(-1)).toMatchObject({
        level: 'fatal',
        msg: `Port ${port} is taken by another process. Stop that one, or set ${name} to a free port.`,
      });
      expect(await leftRunning()).toEqual([]);
    },
  );

  it.each([
    ['crash', 'nobody caught this'],
    ['reject', 'nobody waited for this'],
  ])('after a %s that nobody expected says what it was and exits with 1', async (path, message) => {
    const child = await start();
    const { url } = await listening(child);
    await fetch(`${url}/greetings/${path}`).catch(() => {});
    expect(await child.exit()).toEqual({ code: 1, signal: null });
    expect(logged(child).at(-1)).toMatchObject({ level: 'fatal', err: { message } });
  });

  it('with the argument migrate brings the schema up to date and is done', async () => {
    const child = await start({}, ['migrate']);
    expect(await child.exit()).toEqual({ code: 0, signal: null });
    expect(logged(child).map(({ msg }) => msg)).toEqual([
      'The database was brought up to date.',
      'The database and the topics are up to date.',
    ]);
  });

  it('that waits for a migration job is not ready before it has run', async () => {
    const holder = await start({ MIGRATE: 'wait', INTERNAL_PORT: String(await free()) });
    const internalUrl = `http://127.0.0.1:${lastFree}`;
    await eventually(
      () => expect(logged(holder).map(({ msg }) => msg)).toContain('Waiting for the migration job.'),
      30_000,
    );
    expect((await fetch(`${internalUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${internalUrl}/readyz`)).status).toBe(503);
    const impatient = await start({ MIGRATE: 'wait' });
    await eventually(
      () => expect(impatient.lines.join()).toContain('Waiting for the migration job.'),
      30_000,
    );
    expect(await impatient.end()).toEqual({ code: 0, signal: null });
    expect(await (await start({}, ['migrate'])).exit()).toEqual({ code: 0, signal: null });
    await listening(holder);
    expect((await fetch(`${internalUrl}/readyz`)).status).toBe(200);
    expect(await holder.end()).toEqual({ code: 0, signal: null });
  });

  it('sends its traces where it is told', async () => {
    const received: string[] = [];
    const collector = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
      request.on('end', () => {
        received.push(`${request.url} ${body}`);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    servers.push(collector);
    await new Promise((resolve) => collector.once('listening', resolve));
    const { port } = collector.address() as AddressInfo;
    const child = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    const { url } = await listening(child);
    const { traceparent } = (await (await fetch(`${url}/greetings/traced`)).json()) as {
      traceparent: string;
    };
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(await child.end()).toEqual({ code: 0, signal: null });
    expect(received.join()).toContain('/v1/traces');
    expect(received.join()).toContain('"greet"');
  });

  let lastFree = 0;
  /** A port that was free a moment ago. */
  async function free(): Promise<number> {
    lastFree = await occupied();
    await new Promise((resolve) => servers.pop()!.close(resolve));
    return lastFree;
  }
});
