import { jest } from '@jest/globals';
import { Attachment } from '@yixian/contracts';
import type { DeadLetterPage, Problem } from '@yixian/contracts';
import { aDesk } from '../../../testing/a-desk.ts';
import type { Desk, LoggedIn } from '../../../testing/a-desk.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

let desk: Desk;
let agent: LoggedIn;
beforeAll(async () => {
  desk = await aDesk();
  agent = await desk.logIn('agent');
});
afterAll(() => desk.stop());

async function upload(content: string | Uint8Array<ArrayBuffer>, name: string, field = 'file') {
  const form = new FormData();
  form.append(field, new Blob([content]), name);
  const response = await fetch(`${desk.url}/api/uploads`, {
    method: 'POST',
    body: form,
    headers: agent.headers,
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

it('takes a file and gives it back to whoever has the link, as what it is', async () => {
  const { status, body } = await upload('<script>alert(1)</script>', '价目表.html');
  expect(status).toBe(201);
  const file = Attachment.parse(body);
  const { mediaToken } = agent.session;
  const given = await fetch(
    `${desk.url}/media/${file.key}?t=${mediaToken}&name=${encodeURIComponent(file.name)}`,
  );
  expect(given.status).toBe(200);
  expect(given.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(given.headers.get('content-security-policy')).toContain('sandbox');
  expect(await given.text()).toBe('<script>alert(1)</script>');
  for (const token of ['', '?t=wrong', `?t=${mediaToken.slice(0, -2)}xx`])
    expect((await fetch(`${desk.url}/media/${file.key}${token}`)).status).toBe(403);
});

it('refuses what is too large, in the wrong field, or no form', async () => {
  const codeOf = async (answer: ReturnType<typeof upload>) => ((await answer).body as Problem).error.code;
  expect(await codeOf(upload(new Uint8Array(21 * 1024 * 1024), 'large.bin'))).toBe('too_large');
  expect(await codeOf(upload('x', 'x.txt', 'other'))).toBe('invalid');
  const json = await agent.post<Problem>('/api/uploads', { file: 'x' });
  expect(json).toMatchObject({ status: 415, body: { error: { code: 'unsupported' } } });
});

it('fetches images of others for agents alone, and never from inside', async () => {
  const { mediaToken } = agent.session;
  const ask = (token: string) =>
    fetch(`${desk.url}/media/remote?u=${encodeURIComponent(desk.url)}&t=${token}`);
  const inside = await ask(mediaToken);
  expect([inside.status, await inside.json()]).toMatchObject([403, { error: { code: 'forbidden' } }]);
  expect(await (await ask('none')).json()).toMatchObject({ error: { code: 'token_invalid' } });
});

it('takes no file from strangers', async () => {
  const form = new FormData();
  form.append('file', new Blob(['x']), 'x.txt');
  expect((await fetch(`${desk.url}/api/uploads`, { method: 'POST', body: form })).status).toBe(401);
});

it('shows dead letters, and replays or discards each once', async () => {
  const admin = await desk.logIn('admin');
  const bury = (offset: number, value: string) =>
    desk.database.query(
      `insert into bus.dead_letter (topic, partition, "offset", grp, key, headers, value, error, attempts)
       values ('yixian.inbound.v1', 0, $1, 'hub', 'k', '{}', $2, 'no fit', 5)`,
      [offset, Buffer.from(value)],
    );
  await bury(1, '{"kind":"unknown"}');
  await bury(2, 'no JSON');
  await bury(3, '{}');
  const { deadLetters } = (await admin.get<DeadLetterPage>('/api/dead-letters')).body;
  expect(deadLetters).toMatchObject([
    { offset: 3 },
    { offset: 2 },
    { offset: 1, error: 'no fit', replayedAt: null },
  ]);
  const [discarded, broken, good] = deadLetters.map(({ id }) => `/api/dead-letters/${id}`);
  expect((await admin.post(`${good}/replay`)).status).toBe(204);
  expect((await admin.post(`${good}/replay`)).status).toBe(409);
  expect((await admin.post(`${broken}/replay`)).status).toBe(400);
  expect((await admin.delete(discarded!)).status).toBe(204);
  expect((await admin.delete(discarded!)).status).toBe(409);
  expect((await admin.post('/api/dead-letters/999/replay')).status).toBe(404);
  const again = (await admin.get<DeadLetterPage>('/api/dead-letters?limit=1&cursor=2')).body.deadLetters;
  expect(again[0]!.replayedAt).toEqual(expect.any(String));
});
