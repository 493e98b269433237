import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryStore } from '@yixian/channel/testing';
import type { AccountId } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import { MailboxSettings } from '../mailbox.ts';
import type { Mailbox } from '../mailbox.ts';
import { AccessTokens } from './access-tokens.ts';

const asked: URLSearchParams[] = [];
let answer: { status: number; body: object };
let server: Server;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push(new URLSearchParams(body));
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());
beforeEach(() => {
  asked.length = 0;
  answer = { status: 200, body: { access_token: 'a1', expires_in: 3600 } };
});

const mailboxOf = (provider: string): Mailbox => ({
  id: 'support' as AccountId,
  name: 'Support',
  version: 1,
  ...MailboxSettings.parse({
    address: 'support@shop.example',
    oauth: {
      provider,
      clientId: 'client',
      clientSecret: 'secret',
      refreshToken: 'r1',
      tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    },
  }),
});

function setUp() {
  const clock = new TestClock();
  const store = memoryStore(clock);
  const fresh = () => new AccessTokens({ store, clock, secret: Buffer.alloc(32, 7) });
  return { clock, store, fresh, tokens: fresh() };
}

it('asks as the provider wants, keeps a token until shortly before its end, and asks again when it was refused', async () => {
  const { clock, tokens } = setUp();
  const mailbox = mailboxOf('google');
  expect(await tokens.of(mailbox)).toBe('a1');
  expect(Object.fromEntries(asked[0]!)).toEqual({
    grant_type: 'refresh_token',
    client_id: 'client',
    client_secret: 'secret',
    refresh_token: 'r1',
  });
  answer.body = { access_token: 'a2', expires_in: 3600 };
  clock.advance(58 * 60_000);
  expect(await tokens.of(mailbox)).toBe('a1');
  clock.advance(90_000);
  expect(await tokens.of(mailbox)).toBe('a2');
  tokens.forget(mailbox.id);
  await tokens.of(mailbox);
  expect(asked).toHaveLength(3);
});

it('goes on with the refresh token that Microsoft gave instead, also in the next process, sealed at rest', async () => {
  const { store, tokens, fresh } = setUp();
  answer.body = { access_token: 'a1', expires_in: 3600, refresh_token: 'r2' };
  await tokens.of(mailboxOf('microsoft'));
  expect(asked[0]!.get('scope')).toContain('IMAP.AccessAsUser.All');
  expect(JSON.stringify(await store.last('oauth:', 10))).not.toContain('r2');
  await fresh().of(mailboxOf('microsoft'));
  expect(asked[1]!.get('refresh_token')).toBe('r2');
  // Somebody granted access anew: what they set goes before what descended from the old one.
  const anew = { ...mailboxOf('microsoft'), version: 2 };
  anew.oauth = { ...anew.oauth, refreshToken: 'r9' };
  await fresh().of(anew);
  expect(asked[2]!.get('refresh_token')).toBe('r9');
});

it.each([
  [400, { error: 'invalid_grant', error_description: 'revoked' }, true],
  [503, {}, false],
])('tells a refusal that only a person can mend from one that passes: %i', async (status, body, final) => {
  answer = { status, body };
  await expect(setUp().tokens.of(mailboxOf('google'))).rejects.toMatchObject({
    code: 'token_refused',
    final,
  });
});
