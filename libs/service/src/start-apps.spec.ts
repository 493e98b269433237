import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { eventually } from '@yixian/contracts/testing';
import { DatabaseError } from '@yixian/database';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { exampleApp } from '../testing/example-app.ts';
import { startTestApps } from '../testing/index.ts';
import type { App } from './app.ts';
import { schemaOf } from './schema-of.ts';
import { startApps } from './start-apps.ts';
import type { RunningApps } from './start-apps.ts';

// The first run makes the server and the template.
jest.setTimeout(30_000);

describe('running apps', () => {
  let running: RunningApps;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    running = await startTestApps([exampleApp], { env: { PUBLIC_URL: 'https://desk.example/' } });
  });
  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await running.stop();
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${running.url}${path}`, { headers });
  const post = (body: string, type = 'application/json') =>
    fetch(`${running.url}/greetings`, { method: 'POST', body, headers: { 'content-type': type } });
  const internal = (path: string) => fetch(`${running.internalUrl}${path}`);
  const socket = (options: { transports?: string[] } = {}): Socket => {
    const made = io(`${running.url}/greetings`, { transports: ['websocket'], forceNew: true, ...options });
    sockets.push(made);
    return made;
  };

  it('serve HTTP on the database of the process', async () => {
    const response = await get('/greetings');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ answer: 42 });
  });

  it('send the headers that keep browsers safe, and an id for each request', async () => {
    const { headers } = await get('/greetings');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect((await get('/greetings', { 'x-request-id': 'from-the-proxy' })).headers.get('x-request-id')).toBe(
      'from-the-proxy',
    );
    expect((await get('/greetings', { 'x-request-id': 'no good; <b>' })).headers.get('x-request-id')).toMatch(
      /^[\w-]{36}$/,
    );
  });

  it.each([
    ['a body that does not fit', () => post('{"name":1}'), 400, 'invalid'],
    ['a body that is not JSON', () => post('{"name":'), 400, 'invalid'],
    ['a body of 10 MB', () => post(JSON.stringify({ name: 'x'.repeat(10_000_000) })), 413, 'too_large'],
    ['a path that nobody serves', () => get('/nowhere'), 404, 'not_found'],
    ['what the app refuses', () => get('/greetings/closed'), 403, 'forbidden'],
    ['what broke, without its details', () => get('/greetings/broken'), 500, 'internal'],
  ])('refuse %s', async (_what, ask, status, code) => {
    const response = await ask();
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(JSON.parse(text)).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(text).not.toContain('a secret detail');
  });

  it('leave a body unread where an app wants its bytes, though it says it is JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', body: '{"name":', headers };
    const answer = await fetch(`${running.url}/greetings/raw/bytes`, sent);
    expect(await answer.json()).toEqual({ bytes: 8 });
  });

  it('say which fields were wrong', async () => {
    expect(await (await post('{"name":1}')).json()).toMatchObject({ error: { details: [{ path: 'name' }] } });
  });

  it.each([['websocket'], ['polling']])(
    'serve sockets by %s, and answer what does not fit as a problem',
    async (transport) => {
      const client = socket({ transports: [transport] });
      expect(await client.emitWithAck('greet', { name: 'Li' })).toEqual({ hello: 'Li' });
      expect(await client.emitWithAck('greet', { name: 1 })).toMatchObject({ error: { code: 'invalid' } });
      const told = new Promise((resolve) => client.once('problem', resolve));
      client.emit('greet', { name: 1 });
      expect(await told).toMatchObject({ error: { code: 'invalid' } });
    },
  );

  it('cut off a socket that sends a frame of 10 MB, and nobody else', async () => {
    const [loud, quiet] = [socket(), socket()];
    await Promise.all([loud, quiet].map((client) => client.emitWithAck('greet', { name: 'Li' })));
    const gone = new Promise((resolve) => loud.once('disconnect', resolve));
    loud.emit('greet', { name: 'x'.repeat(10_000_000) });
    await gone;
    expect(await quiet.emitWithAck('greet', { name: 'Wang' })).toEqual({ hello: 'Wang' });
  });

  it('tell the machinery how they are, on a port of its own', async () => {
    expect((await internal('/livez')).status).toBe(200);
    await eventually(async () =>
      expect(await (await internal('/readyz')).json()).toEqual({ ready: true, reasons: [] }),
    );
    const metrics = await (await internal('/metrics')).text();
    expect(metrics).toMatch(
      /yixian_http_request_seconds_count\{[^}]*route="\/greetings\/closed"[^}]*status="403"/,
    );
    expect(metrics).toContain('process_cpu_seconds_total');
    expect(metrics).toContain('yixian_database_connections{state="idle"}');
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/readyz')).status).toBe(404);
  });
});

describe('a start in the middle of which the database goes away', () => {
  const gone = new DatabaseError('Connection terminated unexpectedly', '08006', true);

  /** The example app, whose first starts fail with these. */
  function failing(errors: Error[]): App {
    return {
      ...exampleApp,
      module(context) {
        const error = errors.shift();
        if (error) throw error;
        return exampleApp.module(context as never);
      },
    } as App;
  }

  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase({ parts: schemaOf([exampleApp]) });
  });
  afterAll(() => database.close());

  async function start(errors: Error[]): Promise<RunningApps> {
    const env = {
      PORT: '0',
      INTERNAL_PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      YIXIAN_SECRET: 'a secret of this test alone, forty characters',
    };
    return startApps([failing(errors)], { env });
  }

  it('is begun again', async () => {
    const running = await start([gone, gone]);
    expect((await fetch(`${running.url}/greetings`)).status).toBe(200);
    expect(await running.stop()).toBe(true);
  });

  it('is given up at once when that cannot help', async () => {
    const wrong = [new Error('a mistake'), gone];
    await expect(start(wrong)).rejects.toThrow('a mistake');
    expect(wrong).toEqual([gone]);
  });
});
