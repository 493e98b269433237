import { readFileSync } from 'node:fs';
import { TestClock } from '@yixian/contracts/testing';
import { SettingsError } from '@yixian/service';
import { createTransport } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import type { AccountId } from '@yixian/contracts';
import { selfMadeCertificate } from '../../testing/self-made-certificate.ts';
import type { SelfMadeCertificate } from '../../testing/self-made-certificate.ts';
import { MailboxSettings } from '../mailbox.ts';
import { EmailSettings } from '../settings.ts';
import type { Arrival } from './arrival.ts';
import { SmtpDoor } from './smtp-door.ts';

const mailbox = {
  id: 'support' as AccountId,
  name: 'Support',
  version: 1,
  ...MailboxSettings.parse({ address: 'support@shop.example' }),
};

let files: SelfMadeCertificate;
let pair: { MAIL_IN_CERT: string; MAIL_IN_KEY: string };
beforeAll(() => {
  files = selfMadeCertificate();
  pair = { MAIL_IN_CERT: files.cert, MAIL_IN_KEY: files.key };
});
afterAll(() => files.remove());

let door: SmtpDoor | undefined;
let arrivals: Arrival[];
afterEach(() => door?.close());

function aDoor(env: Record<string, unknown>): SmtpDoor {
  arrivals = [];
  return new SmtpDoor({
    settings: EmailSettings.parse({ MAIL_IN_PORT: 0, ...env }),
    clock: new TestClock(),
    mailboxes: () => [mailbox],
    take: async (arrival) => {
      arrivals.push(arrival);
      return new Map([[mailbox.id, 'taken' as const]]);
    },
    warn: () => undefined,
  });
}

async function send(env: Record<string, unknown>, options: SMTPTransport.Options): Promise<string> {
  door = aDoor(env);
  await door.listen();
  const transport = createTransport({ host: 'localhost', port: door.port!, ...options });
  const mail = { from: 'ann@customers.example', to: 'support@shop.example', subject: 'x', text: 'y' };
  return transport
    .sendMail(mail)
    .then(({ response }) => response)
    .finally(() => transport.close());
}

/** A client that sends by nothing but TLS, and trusts nobody but the certificate of the settings. */
const strict = () => ({ requireTLS: true, tls: { ca: readFileSync(files.cert) } });

it.each(['offered', 'required'])(
  'takes mail by STARTTLS with the certificate of the settings where TLS is %s',
  async (MAIL_IN_TLS) => {
    expect(await send({ ...pair, MAIL_IN_TLS }, strict())).toMatch(/^250/);
    expect(arrivals).toHaveLength(1);
  },
);

it('takes mail without TLS from who does not ask for it', async () => {
  expect(await send(pair, { ignoreTLS: true })).toMatch(/^250/);
});

it('says 530 to mail without TLS where it is required', async () => {
  const refused = send({ ...pair, MAIL_IN_TLS: 'required' }, { ignoreTLS: true });
  await expect(refused).rejects.toMatchObject({ responseCode: 530, command: 'MAIL FROM' });
  expect(arrivals).toHaveLength(0);
});

it.each<[string, () => Record<string, unknown>, string]>([
  ['a certificate without its key', () => ({ MAIL_IN_CERT: files.cert }), 'MAIL_IN_KEY'],
  ['a key without its certificate', () => ({ MAIL_IN_KEY: files.key }), 'MAIL_IN_CERT'],
  ['a file that is not there', () => ({ ...pair, MAIL_IN_CERT: '/nowhere.pem' }), 'MAIL_IN_CERT'],
  ['TLS demanded without a certificate', () => ({ MAIL_IN_TLS: 'required' }), 'MAIL_IN_TLS'],
])('does not start with %s', (_, env, name) => {
  expect(() => aDoor(env())).toThrow(SettingsError);
  expect(() => aDoor(env())).toThrow(name);
});
