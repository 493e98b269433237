import { jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import type { CreatedToken } from '@yixian/contracts';
import { aDesk, logIn, Visitor } from '../../testing/a-desk.ts';
import type { Desk } from '../../testing/a-desk.ts';
import { runAdminCommand } from './admin-commands.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk();
});
afterAll(() => desk.stop());

const run = (line: string) =>
  runAdminCommand(line.split(' '), { database: desk.database, clock: systemClock });
const lastWord = (text: string) => text.split(/\s+/).at(-1)!;

it('prints a token as its last word, which works while the server runs', async () => {
  const token = lastWord(await run('token create --role admin --name ci'));
  const program = new Visitor(desk.url, { authorization: `Bearer ${token}` });
  const { status, body } = await program.get<{ tokens: CreatedToken[] }>('/api/tokens');
  expect(status).toBe(200);
  expect(body.tokens).toMatchObject([{ name: 'ci', role: 'admin', createdBy: null }]);
  await run(`token revoke --id ${body.tokens[0]!.id}`);
  expect((await program.get('/api/tokens')).status).toBe(401);
});

it('makes an agent, and gives a new password that ends old sessions', async () => {
  const password = lastWord(await run('agent create --email mei@shop.example --name Mei --role supervisor'));
  const mei = await logIn(desk.stranger, { email: 'mei@shop.example', password });
  const other = lastWord(await run('agent reset-password --email MEI@shop.example'));
  expect((await mei.get('/api/session')).status).toBe(401);
  expect((await desk.stranger.post('/api/session', { email: 'mei@shop.example', password })).status).toBe(
    401,
  );
  await logIn(desk.stranger, { email: 'mei@shop.example', password: other });
  expect(await run('agent list')).toContain('mei@shop.example  supervisor  Mei');
});

it.each([
  ['nothing', '', 'Usage'],
  ['an unknown command', 'agent fire', 'Usage'],
  ['an unknown option', 'token create --rule admin', 'Usage'],
  ['an unknown role', 'token create --role root', '--role'],
  [
    'a short password',
    'agent create --email a@b.example --name A --role agent --password short',
    '--password',
  ],
  ['an agent who is none', 'agent reset-password --email nobody@shop.example', 'no agent'],
])('refuses %s', async (_, line, why) => {
  await expect(run(line)).rejects.toThrow(why);
});
