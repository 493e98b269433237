import type { AccountFinding } from '@yixian/contracts';
import type { Mailbox } from '../mailbox.ts';
import type { Logins } from '../oauth/logins.ts';
import type { DnsResolver } from '../trust/guarded-resolver.ts';
import { checkDomain } from './check-domain.ts';
import { checkImap } from './check-imap.ts';
import { checkSmtp } from './check-smtp.ts';
import { finding } from './finding.ts';

export interface CheckMeans {
  logins: Logins;
  resolver: DnsResolver;
  greeting: string;
  /** Of the built-in receiver, if it listens. */
  port: number | undefined;
}

/** Tries a mailbox as it would be used, and says in words what is wrong. Sends nothing and changes nothing. */
export async function checkMailbox(mailbox: Mailbox, means: CheckMeans): Promise<AccountFinding[]> {
  const [into, out, domain] = await Promise.all([
    wayIn(mailbox, means),
    wayOut(mailbox, means),
    checkDomain(mailbox, means.resolver),
  ]);
  return [...into, ...out, ...domain];
}

async function wayIn(mailbox: Mailbox, { logins, port }: CheckMeans): Promise<AccountFinding[]> {
  if (mailbox.imap.host) {
    return orToken('imap', async () => checkImap(mailbox, await logins.forImap(mailbox)));
  }
  return port
    ? [finding('in', 'ok', `收信：内置收信服务，端口 ${port}`, `In: by the built-in receiver, port ${port}`)]
    : [
        finding(
          'in',
          'wrong',
          '收信：没有设置 IMAP，内置收信服务也未开启',
          'In: there is no IMAP server, and the built-in receiver is off',
        ),
      ];
}

async function wayOut(mailbox: Mailbox, { logins, greeting }: CheckMeans): Promise<AccountFinding[]> {
  if (!mailbox.smtp.host) {
    return [
      finding(
        'smtp',
        'warning',
        '发信：没有设置 SMTP 服务器，邮件不会真正发出，只进入发件预览',
        'Out: there is no SMTP server; nothing is sent, mails go to the outbox preview',
      ),
    ];
  }
  return orToken('smtp', async () => [await checkSmtp(mailbox, await logins.forSmtp(mailbox), greeting)]);
}

/** Without a token there is nothing to log in with. */
async function orToken(part: string, check: () => Promise<AccountFinding[]>): Promise<AccountFinding[]> {
  try {
    return await check();
  } catch (error) {
    const words = String((error as Error).message).slice(0, 300);
    return [
      finding(
        part,
        'wrong',
        `OAuth：得不到访问令牌。（${words}）`,
        `OAuth: there is no access token to be had. (${words})`,
      ),
    ];
  }
}
