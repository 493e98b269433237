import { jest } from '@jest/globals';
import type { CreatedToken, Problem, Role } from '@yixian/contracts';
import { aDesk, Visitor } from '../../../testing/a-desk.ts';
import type { Desk } from '../../../testing/a-desk.ts';
import { mayDo } from '../../agents/role-rank.ts';
import { routes } from '../../openapi/routes.ts';
import type { Route } from '../../openapi/routes.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

let desk: Desk;
const tokens = {} as Record<Role, CreatedToken>;
beforeAll(async () => {
  desk = await aDesk();
  const admin = await desk.logIn('admin');
  for (const role of ['agent', 'supervisor', 'admin'] as const)
    tokens[role] = (await admin.post<CreatedToken>('/api/tokens', { name: role, role })).body;
});
afterAll(() => desk.stop());

const withToken = (token: string) => new Visitor(desk.url, { authorization: `Bearer ${token}` });

/** A request of the route that is well-formed in its path and means nothing. */
const requestOf = (name: string) => {
  const [method = '', path = ''] = name.split(' ');
  const isAccount = path.includes('/accounts/');
  const isLetter = path.includes('/dead-letters/');
  const id = isAccount ? 'nothing' : isLetter ? '0' : crypto.randomUUID();
  return { method, path: path.replaceAll(/:\w+/g, id) };
};

const closed = (Object.entries(routes) as [string, Route][]).filter(([, { role }]) => role !== 'anyone');

it.each(closed.map(([name]) => name))('answers 401 without a login: %s', async (name) => {
  const { method, path } = requestOf(name);
  const answer = await desk.stranger.send<Problem>(method, path);
  expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
});

it.each(closed)('lets those in who have the role: %s', async (name, { role: needs }) => {
  const { method, path } = requestOf(name);
  for (const role of ['agent', 'supervisor', 'admin'] as const) {
    const { status } = await withToken(tokens[role].token).send(method, path);
    expect([role, status !== 403]).toEqual([role, mayDo(role, needs as Role)]);
  }
});

it('takes a token until it is revoked or expires, and keeps only its hash', async () => {
  const admin = await desk.logIn('admin');
  const { body } = await admin.post<CreatedToken>('/api/tokens', { name: 'nightly export', role: 'agent' });
  const program = withToken(body.token);
  expect((await program.get('/api/conversations')).status).toBe(200);
  const { tokens: listed } = (await admin.get<{ tokens: CreatedToken[] }>('/api/tokens')).body;
  expect(listed[0]).toMatchObject({ name: 'nightly export', lastUsedAt: expect.any(String) as unknown });
  expect(JSON.stringify(listed)).not.toContain(body.token);
  expect((await admin.delete(`/api/tokens/${body.id}`)).status).toBe(204);
  expect((await program.get('/api/conversations')).status).toBe(401);
  const past = { name: 'late', role: 'agent', expiresAt: '2020-01-01T00:00:00Z' };
  const late = (await admin.post<CreatedToken>('/api/tokens', past)).body;
  expect((await withToken(late.token).get('/api/conversations')).status).toBe(401);
});

it.each(['Bearer', 'Bearer yx_wrong', 'Basic YTpi', 'Bearer a b'])(
  'refuses the header "%s"',
  async (authorization) => {
    const answer = await new Visitor(desk.url, { authorization }).get('/api/conversations');
    expect(answer.status).toBe(401);
  },
);

it('does not let a cookie make up for a wrong token', async () => {
  const agent = await desk.logIn('agent');
  const answer = await agent.get('/api/conversations', { authorization: 'Bearer yx_wrong' });
  expect(answer.status).toBe(401);
});
