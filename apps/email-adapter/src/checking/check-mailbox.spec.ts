import { generateKeyPairSync } from 'node:crypto';
import { memoryStore } from '@yixian/channel/testing';
import type { AccountFinding, AccountId } from '@yixian/contracts';
import { systemClock } from '@yixian/contracts';
import { MailSink } from '../../testing/mail-sink.ts';
import { noNames } from '../../testing/email-world.ts';
import { MailboxSettings } from '../mailbox.ts';
import { Logins } from '../oauth/logins.ts';
import type { DnsResolver } from '../trust/guarded-resolver.ts';
import { checkMailbox } from './check-mailbox.ts';

const logins = new Logins({ store: memoryStore(systemClock), clock: systemClock, secret: Buffer.alloc(32) });
const check = (settings: object, resolver: DnsResolver = noNames): Promise<AccountFinding[]> =>
  checkMailbox(
    {
      id: 'support' as AccountId,
      name: 'Support',
      version: 1,
      ...MailboxSettings.parse({ address: 'support@shop.example', ...settings }),
    },
    { logins, resolver, greeting: 'us.example', port: 2525 },
  );
const of = (findings: AccountFinding[], part: string) => findings.filter((one) => one.part === part);

let sink: MailSink;
beforeAll(async () => {
  sink = await MailSink.open({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: ({ password }, _, done) =>
      password === 'right' ? done(null, { user: 'us' }) : done(new Error('Bad password')),
  });
});
afterAll(() => sink.close());
const smtp = (over: object) => ({ smtp: { host: '127.0.0.1', port: sink.port, security: 'none', ...over } });

it('says that nothing leaves without a server, and how mails come in', async () => {
  const findings = await check({});
  expect(of(findings, 'in')[0]).toMatchObject({ state: 'ok', says: { en: expect.stringContaining('2525') } });
  expect(of(findings, 'smtp')[0]).toMatchObject({
    state: 'warning',
    says: { 'zh-CN': expect.stringContaining('预览') },
  });
});

it('logs in by SMTP and sends nothing', async () => {
  const findings = await check(smtp({ user: 'us', password: 'right' }));
  expect(of(findings, 'smtp')).toMatchObject([{ state: 'ok' }]);
  expect(sink.mails).toEqual([]);
});

it.each([
  ['a wrong password', () => smtp({ user: 'us', password: 'wrong' }), /授权码/, /app password/],
  ['nobody there', () => smtp({ port: 1 }), /拒绝连接/, /refuses the connection/],
  [
    'no such name',
    () => smtp({ host: 'mail.shop.invalid' }),
    /服务器名|解析/,
    /no server of this name|resolved/,
  ],
  ['encryption that is not there', () => smtp({ security: 'starttls' }), /加密方式/, /encryption/],
])('says in both languages what is wrong: %s', async (_, settings, zh, en) => {
  const [found] = of(await check(settings()), 'smtp');
  expect(found).toMatchObject({ state: 'wrong' });
  expect(found!.says['zh-CN']).toMatch(zh);
  expect(found!.says.en).toMatch(en);
});

it('says what is missing among the records of the domain, and when they fit', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const settings = { dkim: { selector: 'k1', key } };
  const without = await check(settings);
  expect(without.map(({ part, state }) => [part, state]).slice(-3)).toEqual([
    ['spf', 'warning'],
    ['dkim', 'wrong'],
    ['dmarc', 'warning'],
  ]);
  expect(of(without, 'dkim')[0]!.says.en).toContain(p);
  const records: Record<string, string[]> = {
    'shop.example': ['v=spf1 -all'],
    '_dmarc.shop.example': ['v=DMARC1; p=none'],
    'k1._domainkey.shop.example': ['v=DKIM1; k=rsa; ', `p=${p}`],
  };
  const withThem = await check(settings, async (name) => (records[name] ? [records[name]] : []));
  expect(withThem.map(({ state }) => state).slice(-3)).toEqual(['ok', 'ok', 'ok']);
});

it('says that it could not look when the name servers are away', async () => {
  const away: DnsResolver = () => Promise.reject(Object.assign(new Error('away'), { code: 'ETIMEOUT' }));
  expect(of(await check({}, away), 'dns')).toMatchObject([{ state: 'skipped' }]);
});
