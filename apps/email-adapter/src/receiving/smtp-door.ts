import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { callbackify } from 'node:util';
import type { AccountId } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import { PortTaken, SettingsError } from '@yixian/service';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import type { Mailbox } from '../mailbox.ts';
import type { EmailSettings } from '../settings.ts';
import type { Arrival, Taken } from './arrival.ts';
import { mailboxesFor, mailboxFor } from './recipient-directory.ts';
import { SmtpLimits } from './smtp-limits.ts';

/** Where it listens unless told, if it can. */
const USUAL_PORT = 2525;
const IDLE_MS = 60_000;
/** How long those who are connected get when we stop, in ms. */
const CLOSE_MS = 5_000;

export interface SmtpDoorMeans {
  settings: EmailSettings;
  clock: Clock;
  mailboxes(): Iterable<Mailbox>;
  take(arrival: Arrival): Promise<Map<AccountId, Taken>>;
  warn(message: string, detail: Record<string, unknown>): void;
}

/**
 * The built-in receiver, SMTP or LMTP. It says 250 only when the mail is durable, 451 when it must come again, 550 to
 * who is nobody here, 552 to what is too large, 452 when too much comes at once.
 */
export class SmtpDoor {
  private readonly server: SMTPServer;
  private readonly limits: SmtpLimits;
  private readonly counted = new Set<string>();

  constructor(private readonly means: SmtpDoorMeans) {
    this.limits = new SmtpLimits(means.settings, means.clock);
    this.server = new SMTPServer(this.options());
    this.server.on('error', (error) => {
      // What keeps it from listening is told by {@link listen}; a connection that breaks is its peer's business.
      if (this.port !== undefined) means.warn('A connection of the mail receiver failed.', { err: error });
    });
  }

  /** Throws {@link PortTaken} when the port that was asked for is not to be had. */
  async listen(): Promise<void> {
    const { MAIL_IN_PORT: wanted, MAIL_IN_HOST: host } = this.means.settings;
    try {
      await this.listenOn(wanted ?? USUAL_PORT, host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (wanted !== undefined) {
        throw new PortTaken(`Port ${wanted} is taken by another process. Set MAIL_IN_PORT to a free port.`);
      }
      await this.listenOn(0, host);
    }
  }

  get port(): number | undefined {
    return (this.server.server.address() as AddressInfo | null)?.port;
  }

  async close(): Promise<void> {
    if (this.port === undefined) return;
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private listenOn(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.server.removeListener('error', reject);
        resolve();
      });
    });
  }

  private options(): SMTPServerOptions {
    const { settings } = this.means;
    const secure = secureContextOf(settings);
    return {
      name: settings.MAIL_HOSTNAME ?? hostname(),
      lmtp: settings.MAIL_IN === 'lmtp',
      ...secure,
      disabledCommands: secure ? ['AUTH'] : ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: this.largest,
      rejectOversized: true,
      maxClients: settings.MAIL_IN_CONNECTIONS,
      maxRecipients: settings.MAIL_IN_RECIPIENTS,
      socketTimeout: IDLE_MS,
      closeTimeout: CLOSE_MS,
      lenientAddressParsing: true,
      onConnect: (session, done) => done(this.connected(session)),
      onClose: (session) => this.closed(session),
      onMailFrom: (_, session, done) => done(this.begun(session)),
      onRcptTo: ({ address }, _, done) =>
        done(
          mailboxFor(this.means.mailboxes(), address)
            ? null
            : refusal(550, '5.1.1 There is no such mailbox here'),
        ),
      onData: callbackify((stream: SMTPServerDataStream, session: SMTPServerSession) =>
        this.receive(stream, session),
      ),
    };
  }

  private get largest(): number {
    return this.means.settings.MAIL_MAX_MB * 1024 * 1024;
  }

  private connected({ id, remoteAddress }: SMTPServerSession): Error | null {
    if (!this.limits.enter(remoteAddress))
      return refusal(421, '4.7.0 Too many connections from your network');
    this.counted.add(id);
    return null;
  }

  private begun({ remoteAddress, secure }: SMTPServerSession): Error | null {
    if (this.means.settings.MAIL_IN_TLS === 'required' && !secure) {
      return refusal(530, '5.7.0 Must issue a STARTTLS command first');
    }
    return this.limits.mayBring(remoteAddress)
      ? null
      : refusal(450, '4.7.1 Too many mails, come again later');
  }

  private closed({ id, remoteAddress }: SMTPServerSession): void {
    if (this.counted.delete(id)) this.limits.leave(remoteAddress);
  }

  /** The answer to DATA: of LMTP one for each recipient. Throws the refusal of all. */
  private async receive(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
  ): Promise<string | (string | Error)[]> {
    const received = await this.read(stream);
    if (!received) throw refusal(452, '4.3.1 Too much at once, come again later');
    try {
      // What is too large is answered by the server itself.
      if (stream.sizeExceeded) return '';
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      const to = mailboxesFor(this.means.mailboxes(), recipients);
      const outcomes = await this.means.take({
        raw: received,
        to: [...to.values()],
        ...(session.envelope.mailFrom && { envelopeFrom: session.envelope.mailFrom.address }),
        peer: {
          ip: session.remoteAddress.replace(/^::ffff:/, ''),
          helo: session.hostNameAppearsAs,
          trusted: this.limits.trusts(session.remoteAddress),
        },
      });
      return this.answer(recipients, outcomes);
    } finally {
      this.limits.release(received.length);
    }
  }

  private answer(recipients: string[], outcomes: Map<AccountId, Taken>): string | (string | Error)[] {
    const ok = '2.6.0 Received';
    if (this.means.settings.MAIL_IN === 'lmtp') {
      return recipients.map((recipient) => {
        const mailbox = mailboxFor(this.means.mailboxes(), recipient);
        return mailbox && isOurs(outcomes.get(mailbox.id)) ? ok : again();
      });
    }
    const isTaken = outcomes.size > 0 && [...outcomes.values()].every(isOurs);
    if (!isTaken) throw again();
    return ok;
  }

  /** The whole mail; what is over a limit is read to its end and thrown away. `undefined`: no room in memory. */
  private async read(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    let held = 0;
    let isTooMuch = false;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (isTooMuch) continue;
        if (stream.sizeExceeded || !this.limits.hold(chunk.length)) {
          isTooMuch = true;
          chunks.length = 0;
          continue;
        }
        held += chunk.length;
        chunks.push(chunk);
      }
    } catch (error) {
      this.limits.release(held);
      throw error;
    }
    if (isTooMuch) this.limits.release(held);
    if (isTooMuch && !stream.sizeExceeded) return undefined;
    return isTooMuch ? Buffer.alloc(0) : Buffer.concat(chunks);
  }
}

/** What is needed to offer STARTTLS; `undefined` where nothing is set. Throws {@link SettingsError} of half of it. */
function secureContextOf(settings: EmailSettings): { cert: Buffer; key: Buffer } | undefined {
  const { MAIL_IN_CERT: cert, MAIL_IN_KEY: key, MAIL_IN_TLS: tls } = settings;
  if (cert && key) return { cert: fileOf('MAIL_IN_CERT', cert), key: fileOf('MAIL_IN_KEY', key) };
  if (cert || key) {
    const name = cert ? 'MAIL_IN_KEY' : 'MAIL_IN_CERT';
    throw new SettingsError([{ name, message: 'is needed too: a certificate works with its key alone' }]);
  }
  if (tls === 'required') {
    throw new SettingsError([{ name: 'MAIL_IN_TLS', message: 'needs MAIL_IN_CERT and MAIL_IN_KEY' }]);
  }
  return undefined;
}

function fileOf(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `cannot be read: ${(error as Error).message}`;
    throw new SettingsError([{ name, message }]);
  }
}

const isOurs = (outcome: Taken | undefined): boolean => outcome === 'taken' || outcome === 'aside';

const again = (): Error => refusal(451, '4.3.0 Not stored yet, come again later');

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
