import { hostname } from 'node:os';
import { createTransport } from 'nodemailer';
import type { SendMailOptions, Transporter } from 'nodemailer';
import type { Mailbox } from '../mailbox.ts';
import type { Login } from '../oauth/login.ts';
import type { Carrier } from './carrier.ts';
import { deliveryErrorOf } from './delivery-error-of.ts';
import { lazily } from './lazily.ts';

const CONNECTIONS = 5;
/** In ms. The host gives a send 120 s in all. */
const PATIENCE = { connect: 15_000, greeting: 15_000, socket: 90_000, dns: 10_000 };

/** Which mails were said to their end, by the message that nodemailer made of them. */
type Ended = Map<string, boolean>;

/** Hands mails to the SMTP server of a mailbox, over a few connections that are kept. */
export class SmtpCarrier implements Carrier {
  private readonly transport: Transporter;
  private readonly ended: Ended = new Map();

  constructor(mailbox: Mailbox, login: Login | undefined, greeting = hostname()) {
    this.transport = createTransport({
      ...smtpOptions(mailbox, login, greeting),
      pool: true,
      maxConnections: CONNECTIONS,
      // It would send again what may have arrived.
      maxRequeues: 0,
      disableFileAccess: true,
      disableUrlAccess: true,
      attachDataUrls: true,
      ...dkimOf(mailbox),
    });
    this.transport.use('stream', (mail, done) => {
      const { message } = mail;
      const id = mail.data.messageId ?? '';
      const create = message.createReadStream.bind(message);
      // Nobody asks for the first byte before the server has agreed to DATA, and the dot comes after the last.
      message.createReadStream = (...args: Parameters<typeof create>) =>
        lazily(
          () => create(...args),
          () => this.ended.set(id, true),
        ) as ReturnType<typeof create>;
      done();
    });
  }

  async carry(mail: SendMailOptions): Promise<{ state: 'sent'; refused: string[] }> {
    const id = mail.messageId ?? '';
    this.ended.set(id, false);
    try {
      const { rejected = [] } = await this.transport.sendMail(mail);
      return { state: 'sent', refused: rejected };
    } catch (error) {
      throw deliveryErrorOf(error, { ended: this.ended.get(id) ?? false });
    } finally {
      this.ended.delete(id);
    }
  }

  close(): void {
    this.transport.close();
  }
}

/** How to reach the server, for sending and for trying it out. */
export function smtpOptions({ smtp }: Mailbox, login: Login | undefined, greeting: string) {
  const { host, port, security } = smtp;
  return {
    host,
    port,
    name: greeting,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: PATIENCE.connect,
    greetingTimeout: PATIENCE.greeting,
    socketTimeout: PATIENCE.socket,
    dnsTimeout: PATIENCE.dns,
    ...(login && { auth: authOf(login) }),
  };
}

const authOf = ({ user, pass, accessToken }: Login) =>
  accessToken === undefined ? { user, pass: pass ?? '' } : { type: 'OAuth2' as const, user, accessToken };

function dkimOf({ dkim, address }: Mailbox) {
  if (!dkim.selector || !dkim.key) return {};
  const domainName = address.slice(address.lastIndexOf('@') + 1);
  return { dkim: { domainName, keySelector: dkim.selector, privateKey: dkim.key } };
}
