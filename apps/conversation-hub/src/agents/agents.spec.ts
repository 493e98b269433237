import { jest } from '@jest/globals';
import { Agent } from '@yixian/contracts';
import type { AuditPage, Problem } from '@yixian/contracts';
import { aDesk } from '../../testing/a-desk.ts';
import type { Desk, LoggedIn } from '../../testing/a-desk.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

let desk: Desk;
let admin: LoggedIn;
beforeAll(async () => {
  desk = await aDesk();
  admin = await desk.logIn('admin');
});
afterAll(() => desk.stop());

const wanted = {
  email: 'Wang@Shop.example',
  name: '王',
  role: 'agent',
  password: 'long enough now',
  locale: 'en',
};

it('lets somebody work at the desk, once per e-mail address', async () => {
  const made = await admin.post('/api/agents', wanted);
  expect(made.status).toBe(201);
  expect(Agent.parse(made.body)).toMatchObject({ email: 'wang@shop.example', name: '王', disabled: false });
  const again = await admin.post<Problem>('/api/agents', { ...wanted, email: 'WANG@shop.example' });
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  const { agents } = (await admin.get<{ agents: Agent[] }>('/api/agents')).body;
  expect(agents.map(({ name }) => name)).toContain('王');
  expect(JSON.stringify(agents)).not.toContain('scrypt');
});

it('changes what is given and nothing else', async () => {
  const { session } = await desk.logIn('agent', { locale: 'en', name: 'Before' });
  const changed = await admin.patch<Agent>(`/api/agents/${session.agent.id}`, { name: 'After' });
  expect(changed.body).toEqual({ ...session.agent, name: 'After' });
  const taken = { email: admin.session.agent.email };
  expect((await admin.patch(`/api/agents/${session.agent.id}`, taken)).status).toBe(409);
  expect((await admin.patch(`/api/agents/${crypto.randomUUID()}`, { name: 'x' })).status).toBe(404);
});

it('ends the sessions of an agent who gets a new password, and writes down that, not the password', async () => {
  const agent = await desk.logIn('agent');
  const path = `/api/agents/${agent.session.agent.id}`;
  expect((await admin.patch(path, { password: 'quite another one' })).status).toBe(200);
  expect((await agent.get('/api/session')).status).toBe(401);
  const { records } = (await admin.get<AuditPage>(`/api/audit?action=agent.changed&limit=1`)).body;
  expect(records[0]!.detail).toEqual({ password: 'set' });
});

it('never leaves the desk without an admin who can log in', async () => {
  const path = `/api/agents/${admin.session.agent.id}`;
  for (const patch of [{ disabled: true }, { role: 'supervisor' }])
    expect(await admin.patch<Problem>(path, patch)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    });
  const second = await desk.logIn('admin');
  // Each gives up their own place: neither loses the right to it by what the other does.
  const both = await Promise.all(
    [admin, second].map((one) => one.patch(`/api/agents/${one.session.agent.id}`, { role: 'agent' })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
});
