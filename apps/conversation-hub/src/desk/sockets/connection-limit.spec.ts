import { Browser } from '../../../testing/a-browser.ts';
import { aDesk } from '../../../testing/a-desk.ts';
import type { Desk } from '../../../testing/a-desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk({ env: { CONNECTIONS_PER_SECOND: '2', TRUST_PROXY: '1' } });
}, 30_000);
afterAll(() => desk.stop());

/** Opens a connection by long polling, says goodbye when it was let in, and gives the answer. */
async function knock(address: string) {
  const path = `${desk.url}/socket.io/?EIO=4&transport=polling`;
  const answer = await fetch(path, { headers: { 'x-forwarded-for': address } });
  const text = await answer.text();
  const [sid] = /(?<="sid":")[^"]+/.exec(text) ?? [];
  if (sid) await fetch(`${path}&sid=${sid}`, { method: 'POST', body: '1' });
  return { status: answer.status, headers: answer.headers, text };
}

it('lets one address open only so many connections a second, and lets others in', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => knock('203.0.113.7')));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(40);
  expect(JSON.parse(refused[0]!.text)).toMatchObject({ error: { code: 'rate_limited' } });
  expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await knock('203.0.113.8')).status).toBe(200);
});

it('refuses WebSockets as well, and goes on serving', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  const tries = Array.from({ length: 20 }, () => Browser.open(desk.url, { headers }).then(String, String));
  const outcomes = await Promise.all(tries);
  expect(outcomes.filter((outcome) => outcome.includes('websocket error')).length).toBeGreaterThanOrEqual(10);
  expect((await fetch(`${desk.url}/api/first-run`)).status).toBe(200);
});
