import { generateKeyPairSync } from 'node:crypto';
import { systemClock } from '@yixian/contracts';
import type { AccountId } from '@yixian/contracts';
import { createTransport } from 'nodemailer';
import { MailboxSettings } from '../mailbox.ts';
import { parseMail } from '../parsing/parse-mail.ts';
import type { ParsedMail } from '../parsing/parsed-mail.ts';
import { Authenticator } from './authenticator.ts';
import { guardedResolver } from './guarded-resolver.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const names: Record<string, string> = {
  'TXT k1._domainkey.customers.example': `v=DKIM1; k=rsa; p=${publicKey}`,
  'TXT customers.example': 'v=spf1 ip4:192.0.2.10 -all',
  'TXT _dmarc.customers.example': 'v=DMARC1; p=reject',
};
const asked: string[] = [];
const resolver = async (name: string, type: string): Promise<string[][]> => {
  asked.push(`${type} ${name}`);
  const found = names[`${type} ${name}`];
  if (!found) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  return [[found]];
};

async function signedMail(over: { tamper?: boolean; sign?: boolean } = {}): Promise<Buffer> {
  const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({
    from: 'ann@customers.example',
    to: 'support@shop.example',
    subject: 'Order',
    text: 'Please send two.',
    ...(over.sign !== false && { dkim: { domainName: 'customers.example', keySelector: 'k1', privateKey } }),
  });
  return over.tamper ? Buffer.from(String(message).replace('two', 'ten')) : (message as Buffer);
}

const mailbox = {
  id: 'support' as AccountId,
  name: 'x',
  version: 1,
  ...MailboxSettings.parse({ address: 'support@shop.example' }),
};
async function authOf(raw: Buffer, peer?: { ip: string; trusted: boolean }, authservId?: string) {
  const authenticator = new Authenticator({
    clock: systemClock,
    resolver: guardedResolver(resolver, systemClock),
    authservId,
    hostname: 'mx.shop.example',
    warn: (message, detail) => {
      throw new Error(`${message} ${String(detail['err'])}`);
    },
  });
  const to = [{ mailbox, recipients: ['support@shop.example'] }];
  const envelopeFrom = 'ann@customers.example';
  const arrival = {
    raw,
    to,
    ...(peer && { peer: { helo: 'mail.customers.example', ...peer }, envelopeFrom }),
  };
  return authenticator.authOf(arrival, parseMail(raw) as ParsedMail);
}

it('believes a signature of the domain that the mail says it is from', async () => {
  expect(await authOf(await signedMail())).toEqual({
    spf: 'none',
    dkim: 'pass',
    dmarc: 'pass',
    verified: true,
    evidence: 'dkim:customers.example',
  });
});

it('believes the network that the domain names, and no other', async () => {
  const raw = await signedMail({ sign: false });
  expect(await authOf(raw, { ip: '192.0.2.10', trusted: false })).toMatchObject({
    spf: 'pass',
    dmarc: 'pass',
    evidence: 'spf:customers.example',
  });
  expect(await authOf(raw, { ip: '198.51.100.7', trusted: false })).toMatchObject({
    spf: 'fail',
    dmarc: 'fail',
    verified: false,
  });
});

it('does not believe what was changed on the way', async () => {
  const tampered = await signedMail({ tamper: true });
  const expected = { dkim: expect.stringMatching(/fail|neutral/), verified: false, evidence: '' };
  const stranger = { ip: '198.51.100.7', trusted: false };
  expect(await authOf(tampered, stranger)).toMatchObject({ ...expected, dmarc: 'fail' });
  // SPF may have passed at the server in front of us: that it did not is not known.
  expect(await authOf(tampered)).toMatchObject({ ...expected, dmarc: 'none' });
});

it('believes our own front server alone, and only when it brought the mail', async () => {
  const raw = Buffer.concat([
    Buffer.from(
      'Authentication-Results: mx.front.example; dmarc=pass header.from=customers.example;\r\n dkim=pass header.d=customers.example\r\n',
    ),
    await signedMail({ sign: false }),
  ]);
  const front = { ip: '127.0.0.1', trusted: true };
  const stranger = { ip: '198.51.100.7', trusted: false };
  expect(await authOf(raw, front, 'mx.front.example')).toMatchObject({
    verified: true,
    evidence: 'dkim:customers.example',
  });
  expect(await authOf(raw, front, 'mx.other.example')).toMatchObject({ verified: false });
  expect(await authOf(raw, stranger, 'mx.front.example')).toMatchObject({ verified: false });
});

it('asks nobody for a while after the name servers did not answer', async () => {
  let calls = 0;
  const away = guardedResolver(() => {
    calls += 1;
    return Promise.reject(Object.assign(new Error('silence'), { code: 'ETIMEOUT' }));
  }, systemClock);
  await expect(away('a.example', 'TXT')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  await expect(away('b.example', 'TXT')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  expect(calls).toBe(1);
});
