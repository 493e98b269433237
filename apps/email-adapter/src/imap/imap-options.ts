import type { ImapFlowOptions } from 'imapflow';
import type { Mailbox } from '../mailbox.ts';
import type { Login } from '../oauth/login.ts';

/** IDLE is begun anew this often, which shows whether the other side is still there. In ms. */
const IDLE_MS = 60_000;
const SILENCE_MS = 150_000;

/** How to reach a mailbox's IMAP server. An ImapFlow is good for one connection. */
export function imapOptions({ imap }: Mailbox, login: Login): ImapFlowOptions {
  const { host, port, security } = imap;
  return {
    host,
    port,
    secure: security === 'tls',
    doSTARTTLS: security === 'starttls',
    auth: login.accessToken === undefined ? { user: login.user, pass: login.pass } : login,
    logger: false,
    // Some providers in China refuse whoever does not introduce themselves (RFC 2971).
    clientInfo: { name: 'Yixian', vendor: 'Yixian' },
    disableAutoIdle: true,
    maxIdleTime: IDLE_MS,
    socketTimeout: SILENCE_MS,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
  };
}
