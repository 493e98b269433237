import { jest } from '@jest/globals';
import { Stage } from '@yixian/channel/testing';
import { eventually } from '@yixian/contracts/testing';
import { startDovecot } from '../../../../tools/mail/dovecot.mjs';
import type { Dovecot } from '../../../../tools/mail/dovecot.mjs';
import { anEmailWorld } from '../../testing/email-world.ts';
import { post } from '../../testing/post.ts';
import { TokenService } from '../../testing/token-service.ts';
import type { EmailChannel } from '../email-channel.ts';

// Installing Dovecot, where it must be, takes a while.
jest.setTimeout(180_000);

let tokens: TokenService;
let dovecot: Dovecot;
let stage: Stage<EmailChannel>;
beforeAll(async () => {
  tokens = await TokenService.open('support');
  dovecot = await startDovecot({ introspectionUrl: tokens.introspectionUrl });
  const imap = { host: '127.0.0.1', port: dovecot.imapPort, security: 'none', user: 'support' };
  const oauth = { provider: 'google', clientId: 'client', refreshToken: 'r1', tokenUrl: tokens.tokenUrl };
  stage = await Stage.open(await anEmailWorld({ imap: { ...imap, history: 'all' }, oauth }));
});
afterAll(async () => {
  await stage?.close();
  await dovecot?.stop();
  tokens?.close();
});

const deliver = (subject: string) =>
  post(
    dovecot.lmtpPort,
    { from: 'ann@customers.example', to: 'support@shop.example', subject, text: subject },
    { lmtp: true },
  );
const subjects = () =>
  new Set(stage.inbound.flatMap((event) => ('payload' in event ? [event.payload['subject']] : [])));

it('reads a mailbox by an access token, and by a new one when the server no longer takes it', async () => {
  await deliver('by the first token');
  await stage.start();
  await eventually(() => expect(subjects()).toEqual(new Set(['by the first token'])), 30_000);
  expect(new Set(tokens.shown)).toEqual(new Set(['access-1']));

  // The provider takes the token back before its time; the next connection shows that.
  tokens.expireAll();
  expect(dovecot.killImapWorkers()).toBeGreaterThan(0);
  await deliver('by the second token');
  await eventually(
    () => expect(subjects()).toEqual(new Set(['by the first token', 'by the second token'])),
    60_000,
  );
  expect(tokens.given).toEqual(['access-1', 'access-2']);
  expect(tokens.shown.at(-1)).toBe('access-2');
});
