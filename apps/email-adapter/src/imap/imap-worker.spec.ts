import { jest } from '@jest/globals';
import { Stage } from '@yixian/channel/testing';
import type { MessageReceived } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { ImapFlow } from 'imapflow';
import { startDovecot } from '../../../../tools/mail/dovecot.mjs';
import type { Dovecot } from '../../../../tools/mail/dovecot.mjs';
import { anEmailWorld } from '../../testing/email-world.ts';
import { post } from '../../testing/post.ts';
import type { EmailChannel } from '../email-channel.ts';

// Installing Dovecot, where it must be, takes a while.
jest.setTimeout(180_000);

let dovecot: Dovecot;
let stage: Stage<EmailChannel>;
beforeAll(async () => {
  dovecot = await startDovecot();
  const imap = {
    host: '127.0.0.1',
    port: dovecot.imapPort,
    security: 'none',
    user: 'support',
    password: dovecot.password,
    processed: 'Processed',
    failed: 'Failed',
  };
  stage = await Stage.open(await anEmailWorld({ imap }));
});
afterEach(() => stage.stopAll());
afterAll(async () => {
  await stage?.close();
  await dovecot?.stop();
});

const deliver = (subject: string, raw?: string) =>
  post(
    dovecot.lmtpPort,
    raw
      ? { raw, envelope: { from: 'ann@customers.example', to: 'support@shop.example' } }
      : {
          from: 'ann@customers.example',
          to: 'support@shop.example',
          subject,
          text: subject,
          messageId: `<${subject}@x.example>`,
        },
    { lmtp: true },
  );
const messages = (): MessageReceived[] =>
  stage.inbound.filter((event): event is MessageReceived => event.kind === 'message.received');
const subjects = (): string[] => messages().map(({ payload }) => String(payload['subject']));
const idsOf = (prefix: string): Set<string> =>
  new Set(
    messages()
      .filter(({ payload }) => String(payload['subject']).startsWith(prefix))
      .map(({ id }) => id),
  );

/** A mail that lay in the mailbox long before we came. */
async function putLongAgo(subject: string): Promise<void> {
  const raw = `From: ann@customers.example\r\nSubject: ${subject}\r\n\r\nHello\r\n`;
  await withClient((client) => client.append('INBOX', raw, [], new Date(Date.UTC(2026, 0, 1))));
}

/** The number of mails in a folder of the mailbox. */
async function held(folder: string): Promise<number> {
  const status = await withClient((client) => client.status(folder, { messages: true }));
  return status ? (status.messages ?? 0) : 0;
}

async function withClient<T>(use: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: dovecot.imapPort,
    secure: false,
    doSTARTTLS: false,
    auth: { user: 'support', pass: dovecot.password },
    logger: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  const given = await use(client);
  await client.logout();
  return given;
}

it('leaves history alone, takes what comes as it comes, and moves what it took', async () => {
  await putLongAgo('history');
  await stage.start();
  await eventually(async () =>
    expect(
      await stage.database.query(`select 1 from channel.store where key like 'imap-cursor:%'`),
    ).toHaveLength(1),
  );
  await deliver('first');
  await eventually(() => expect(subjects()).toEqual(['first']));
  await eventually(async () => expect(await held('Processed')).toBe(1));
  expect(await held('INBOX')).toBe(1);
});

it('moves what it cannot read to its own folder, and keeps it in quarantine', async () => {
  const process = await stage.start();
  await deliver('', `From: ann@customers.example\r\nX: ${'y'.repeat(1_500_000)}\r\n\r\nHello\r\n`);
  await eventually(async () => expect(await held('Failed')).toBe(1));
  expect(await process.hosted.quarantine.waiting()).toHaveLength(1);
});

it('loses nothing and doubles nothing when its process, or the one at the other end, is killed', async () => {
  const count = 60;
  let process = await stage.start();
  for (let n = 0; n < count; n++) {
    await deliver(`kill-${n}`);
    if (n % 20 === 10) dovecot.killImapWorkers();
    if (n % 20 === 15) {
      await process.kill();
      process = await stage.start();
    }
  }
  await eventually(() => expect(idsOf('kill-').size).toBe(count), 90_000);
  await eventually(async () => expect(await held('INBOX')).toBe(1), 30_000);
});

it('reads a folder again whose mails got new numbers, and knows what it had', async () => {
  await stage.start();
  await deliver('before');
  await eventually(() => expect(idsOf('before').size).toBe(1));
  await stage.stopAll();
  // As after a restore: other UIDVALIDITY, other UIDs, mails that were taken are there again.
  dovecot.renumber('support');
  await stage.start();
  await deliver('after');
  await eventually(() => expect(idsOf('after').size).toBe(1));
  expect(idsOf('before').size).toBe(1);
  expect(subjects()).not.toContain('history');
});

it('is read by one of several processes, and by the next when that one goes', async () => {
  const [one, two] = [await stage.start(), await stage.start()];
  await deliver('shared');
  await eventually(() => expect(subjects().filter((subject) => subject === 'shared')).toHaveLength(1));
  await one.stop();
  await deliver('handed over');
  await eventually(() => expect(idsOf('handed over').size).toBe(1), 30_000);
  await two.stop();
});
