import { jest } from '@jest/globals';
import { Problem, Session } from '@yixian/contracts';
import type { AuditPage, FirstRun } from '@yixian/contracts';
import { aDesk, logIn } from '../../testing/a-desk.ts';
import type { Desk } from '../../testing/a-desk.ts';
import { ensureFirstAdmin } from './first-admin.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk();
});
afterAll(() => desk.stop());

it('makes the first admin once, whose credentials let them in', async () => {
  expect((await desk.stranger.get<FirstRun>('/api/first-run')).body).toEqual({ needed: true });
  const context = { database: desk.database, clock: { now: () => Date.now() } as never };
  const [first, second] = await Promise.all([ensureFirstAdmin(context), ensureFirstAdmin(context)]);
  const credentials = first ?? second;
  expect([first, second]).toContain(undefined);
  expect((await desk.stranger.get<FirstRun>('/api/first-run')).body).toEqual({ needed: false });
  const admin = await logIn(desk.stranger, credentials!);
  expect(Session.parse(admin.session).agent.role).toBe('admin');
  expect(await ensureFirstAdmin(context)).toBeUndefined();
});

it('gives a cookie that scripts cannot read and other sites do not send, and keeps only hashes', async () => {
  const agent = await desk.logIn('agent', { email: 'Lin@Shop.example' });
  expect(agent.session.agent.email).toBe('lin@shop.example');
  const again = await desk.stranger.post('/api/session', {
    email: 'LIN@shop.example',
    password: 'a very long password',
  });
  expect(again.headers.get('set-cookie')).toMatch(
    /^yixian_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/,
  );
  const secret = agent.cookie.split('=')[1]!;
  const rows = await desk.database.query<{ all: string }>(
    `select (select json_agg(s)::text from hub.agent_session s) || (select json_agg(a)::text from hub.agent a) as all`,
  );
  expect(rows[0]!.all).not.toContain(secret);
  expect(rows[0]!.all).not.toContain('a very long password');
});

it('knows who is logged in, until they log out', async () => {
  const agent = await desk.logIn('agent');
  expect((await agent.get<Session>('/api/session')).body.agent).toEqual(agent.session.agent);
  expect((await agent.delete('/api/session')).status).toBe(204);
  expect((await agent.get('/api/session')).status).toBe(401);
});

it('refuses a wrong password, an unknown agent and a disabled one with the same words', async () => {
  const admin = await desk.logIn('admin');
  const gone = await desk.logIn('agent', { email: 'gone@shop.example' });
  await admin.patch(`/api/agents/${gone.session.agent.id}`, { disabled: true });
  const answers = await Promise.all(
    ['gone@shop.example', 'nobody@shop.example', admin.session.agent.email].map((email, index) =>
      desk.stranger.post('/api/session', { email, password: index === 2 ? 'wrong' : 'a very long password' }),
    ),
  );
  expect(new Set(answers.map(({ status, body }) => JSON.stringify({ status, body })))).toEqual(
    new Set([
      '{"status":401,"body":{"error":{"code":"unauthenticated","message":"The e-mail address or the password is wrong."}}}',
    ]),
  );
  expect((await gone.get('/api/session')).status).toBe(401);
});

it('limits how often one address may try one password', async () => {
  const tries = [];
  for (let n = 0; n < 12; n += 1)
    tries.push(
      await desk.stranger.post<Problem>('/api/session', { email: 'victim@shop.example', password: `${n}` }),
    );
  expect(tries.map(({ status }) => status).slice(0, 10)).toEqual(Array(10).fill(401));
  expect(tries[11]!.status).toBe(429);
  expect(tries[11]!.body.error.code).toBe('rate_limited');
  expect(Number(tries[11]!.headers.get('retry-after'))).toBeGreaterThan(0);
});

it('wants the CSRF header with writes that a cookie pays for', async () => {
  const agent = await desk.logIn('agent');
  const forged = await desk.stranger.send<Problem>('DELETE', '/api/session', undefined, {
    cookie: agent.cookie,
  });
  expect(forged).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  const wrong = { cookie: agent.cookie, 'x-csrf-token': 'x'.repeat(43) };
  expect((await desk.stranger.send('DELETE', '/api/session', undefined, wrong)).status).toBe(403);
  expect((await agent.get('/api/session')).status).toBe(200);
});

it('writes down who came and who was refused, without secrets', async () => {
  const supervisor = await desk.logIn('supervisor');
  await desk.stranger.post('/api/session', { email: 'spy@shop.example', password: 'hunter2-hunter2' });
  const { body } = await supervisor.get<AuditPage>('/api/audit?limit=2');
  expect(body.records.map(({ action, subject }) => [action, subject])).toEqual([
    ['session.refused', 'spy@shop.example'],
    ['session.begun', supervisor.session.agent.id],
  ]);
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect(body.next).not.toBeNull();
});
