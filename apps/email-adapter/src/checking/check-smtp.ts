import type { AccountFinding } from '@yixian/contracts';
import { createTransport } from 'nodemailer';
import type { Mailbox } from '../mailbox.ts';
import type { Login } from '../oauth/login.ts';
import { smtpOptions } from '../sending/smtp-carrier.ts';
import { finding } from './finding.ts';
import { loginTrouble } from './login-trouble.ts';

/** Logs in to the SMTP server; sends nothing. */
export async function checkSmtp(
  mailbox: Mailbox,
  login: Login | undefined,
  greeting: string,
): Promise<AccountFinding> {
  const transport = createTransport({
    ...smtpOptions(mailbox, login, greeting),
    connectionTimeout: 12_000,
    greetingTimeout: 12_000,
    socketTimeout: 20_000,
  });
  try {
    await transport.verify();
    return finding('smtp', 'ok', 'SMTP：登录成功，可以发信', 'SMTP: logged in, mails can be sent');
  } catch (error) {
    return loginTrouble('smtp', error);
  } finally {
    transport.close();
  }
}
