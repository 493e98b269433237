import type { AccountFinding } from '@yixian/contracts';
import { imapOptions } from '../imap/imap-options.ts';
import type { Mailbox } from '../mailbox.ts';
import type { Login } from '../oauth/login.ts';
import { finding } from './finding.ts';
import { loginTrouble } from './login-trouble.ts';

/** Logs in to the IMAP server and looks for the folders. */
export async function checkImap(mailbox: Mailbox, login: Login): Promise<AccountFinding[]> {
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    ...imapOptions(mailbox, login),
    connectionTimeout: 12_000,
    greetingTimeout: 12_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const idle = client.capabilities.has('IDLE');
    const found = [
      finding('imap', 'ok', 'IMAP：登录成功', 'IMAP: logged in'),
      ...(idle
        ? []
        : [
            finding(
              'imap',
              'warning',
              'IMAP：服务器不支持 IDLE，新邮件最多延迟半分钟',
              'IMAP: the server knows no IDLE; mails may come half a minute late',
            ),
          ]),
    ];
    const paths = new Set((await client.list()).map(({ path }) => path.toLowerCase()));
    for (const folder of mailbox.imap.folders) {
      if (!paths.has(folder.toLowerCase())) {
        found.push(
          finding('imap', 'wrong', `IMAP：没有文件夹“${folder}”`, `IMAP: there is no folder “${folder}”`),
        );
      }
    }
    await client.logout();
    return found;
  } catch (error) {
    return [loginTrouble('imap', error)];
  } finally {
    client.close();
  }
}
