import { hostname } from 'node:os';
import { DeliveryError } from '@yixian/channel';
import type {
  AccountSettings,
  Channel,
  ChannelAbout,
  ChannelHost,
  ChecksAccounts,
  ReplaysRaw,
  Sent,
} from '@yixian/channel';
import type { AccountFinding, AccountId, ChannelName, SendMessage } from '@yixian/contracts';
import { AutoReply } from './automatic/auto-reply.ts';
import { Bounces } from './automatic/bounces.ts';
import { checkMailbox } from './checking/check-mailbox.ts';
import { finding } from './checking/finding.ts';
import { customerOf } from './from-mail.ts';
import { isAmong, mailboxOf, mailboxSettingsSchema } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import { ImapWorker } from './imap/imap-worker.ts';
import { Logins } from './oauth/logins.ts';
import { MailDoor } from './receiving/mail-door.ts';
import { MailReader } from './receiving/mail-reader.ts';
import { builtReader } from './receiving/reading-thread.ts';
import { SmtpDoor } from './receiving/smtp-door.ts';
import { Carriers } from './sending/carriers.ts';
import { MailSender } from './sending/mail-sender.ts';
import { OutboxPreview } from './sending/outbox-preview.ts';
import type { EmailSettings } from './settings.ts';
import { MailRecords } from './threading/mail-records.ts';
import { ReplyTokens } from './threading/reply-token.ts';
import { ThreadFinder } from './threading/thread-finder.ts';
import { Authenticator } from './trust/authenticator.ts';
import { guardedResolver } from './trust/guarded-resolver.ts';
import type { DnsResolver } from './trust/guarded-resolver.ts';

export const EMAIL = 'email' as ChannelName;

export interface EmailMeans {
  settings: EmailSettings;
  /** Signs the tokens in our addresses. */
  tokenSecret: Buffer;
  /** Seals tokens that a provider gave. */
  oauthSecret: Buffer;
  /** Opens the outbox preview. */
  outboxKey: string;
  resolver: DnsResolver;
}

/** What works once the host is there. */
interface Running {
  host: ChannelHost;
  reader: MailReader;
  door: MailDoor;
  smtp: SmtpDoor;
  sender: MailSender;
  carriers: Carriers;
  outbox: OutboxPreview;
  logins: Logins;
}

/** E-mail: taken in by SMTP, LMTP or IMAP, sent by SMTP. */
export class EmailChannel implements Channel, ReplaysRaw, ChecksAccounts {
  readonly about: ChannelAbout = {
    channel: EMAIL,
    name: { 'zh-CN': '邮件', en: 'E-mail' },
    icon: 'M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5ZM3.5 7l8.5 6 8.5-6',
    settings: mailboxSettingsSchema,
  };
  private readonly mailboxes = new Map<AccountId, Mailbox>();
  private readonly workers = new Map<AccountId, ImapWorker>();
  private running: Running | undefined;

  constructor(private readonly means: EmailMeans) {}

  async start(host: ChannelHost): Promise<void> {
    const running = this.assemble(host);
    this.running = running;
    host.onAccount((id, account) => this.setMailbox(id, account));
    if (this.means.settings.MAIL_IN !== 'off') await running.smtp.listen();
  }

  async stop(): Promise<void> {
    const workers = [...this.workers.values()];
    this.workers.clear();
    await Promise.all([this.running?.smtp.close(), ...workers.map((worker) => worker.stop())]);
    this.running?.carriers.close();
    await this.running?.reader.close();
  }

  async send(message: SendMessage): Promise<Sent> {
    const mailbox = this.mailboxes.get(message.account);
    if (!mailbox) throw new DeliveryError('account_disabled', { retryable: false, certain: true });
    return this.parts.sender.send(message, mailbox);
  }

  /** Takes again what could once not be read. Throws when it still cannot. */
  async replay(raw: Uint8Array, { account }: { account?: AccountId }): Promise<void> {
    const mailbox = account && this.mailboxes.get(account);
    if (!mailbox) throw new Error('Its mailbox is disabled or was removed.');
    await this.parts.door.replay(Buffer.from(raw), mailbox);
  }

  async checkAccount(account: AccountSettings): Promise<AccountFinding[]> {
    const read = mailboxOf(account);
    if ('issues' in read) {
      const words = JSON.stringify(read.issues).slice(0, 500);
      return [finding('settings', 'wrong', `设置不正确：${words}`, `The settings are not right: ${words}`)];
    }
    const { settings, resolver } = this.means;
    const greeting = settings.MAIL_HOSTNAME ?? hostname();
    return checkMailbox(read.mailbox, { logins: this.parts.logins, resolver, greeting, port: this.port });
  }

  get host(): ChannelHost {
    return this.parts.host;
  }

  get outbox(): OutboxPreview {
    return this.parts.outbox;
  }

  get outboxKey(): string {
    return this.means.outboxKey;
  }

  /** Where mails can be brought to; undefined while nothing listens. */
  get port(): number | undefined {
    return this.running?.smtp.port;
  }

  private get parts(): Running {
    if (!this.running) throw new DeliveryError('unavailable', { retryable: true, certain: true });
    return this.running;
  }

  private assemble(host: ChannelHost): Running {
    const { settings, tokenSecret, oauthSecret, resolver } = this.means;
    const { clock, store } = host;
    const largest = settings.MAIL_MAX_MB * 1024 * 1024;
    const greeting = settings.MAIL_HOSTNAME ?? hostname();
    const warn = (message: string, detail: Record<string, unknown>) => host.log('warn', message, detail);
    const records = new MailRecords(store, clock);
    const tokens = new ReplyTokens(tokenSecret);
    const outbox = new OutboxPreview(host, largest);
    const logins = new Logins({ store, clock, secret: oauthSecret });
    const login = (mailbox: Mailbox) => logins.forSmtp(mailbox);
    const carriers = new Carriers({ preview: outbox, greeting, login });
    const bounces = new Bounces({ host, records, tokens });
    const isOurs = (address: string) => this.isOurs(address);
    const carrier = (mailbox: Mailbox) => carriers.of(mailbox);
    const autoReply = new AutoReply({ host, records, carrier, isOurs });
    const authenticator = new Authenticator({
      clock,
      resolver: guardedResolver(resolver, clock),
      authservId: settings.MAIL_AUTHSERV_ID,
      hostname: greeting,
      warn,
    });
    const reader = new MailReader({ clock, warn, thread: builtReader() });
    const door = new MailDoor({
      host,
      reader,
      records,
      finder: new ThreadFinder(records, tokens),
      largest,
      authenticate: (arrival, mail) => authenticator.authOf(arrival, mail),
      bounced: (mailbox, recipients, mail) => bounces.settle(mailbox, recipients, mail),
      received: async ({ mailbox, nativeId, mail, envelopeFrom, auth, thread }) => {
        const customer = customerOf(mail.payload, mailbox).address;
        if (await records.unmarkDead(mailbox.id, customer)) {
          await host.reportAddress(mailbox.id, customer, { undeliverable: null });
        }
        const credible = auth?.dmarc !== 'fail';
        await autoReply.answer({ mailbox, nativeId, mail, envelopeFrom, customer, credible, thread });
      },
    });
    const smtp = new SmtpDoor({
      settings,
      clock,
      warn,
      mailboxes: () => this.mailboxes.values(),
      take: (arrival) => door.take(arrival),
    });
    const sender = new MailSender({
      host,
      records,
      tokens,
      carriers,
      loginRefused: (mailbox) => logins.refused(mailbox),
    });
    return { host, reader, door, smtp, sender, carriers, outbox, logins };
  }

  private isOurs(address: string): boolean {
    return [...this.mailboxes.values()].some(
      (mailbox) =>
        mailbox.address.toLowerCase() === address.toLowerCase() || isAmong(mailbox.aliases, address),
    );
  }

  private setMailbox(id: AccountId, account: AccountSettings | undefined): void {
    const { host, carriers } = this.parts;
    this.mailboxes.delete(id);
    if (!account) carriers.forget(id);
    const read = account && mailboxOf(account);
    if (read && 'issues' in read) {
      host.log('warn', 'The settings of a mailbox are not right.', { account: id, ...read });
    }
    const mailbox = read && 'mailbox' in read ? read.mailbox : undefined;
    if (mailbox) this.mailboxes.set(id, mailbox);
    void this.setWorker(id, mailbox);
  }

  /** The worker of an account's mailbox gives way to one with its new settings, or to none. */
  private async setWorker(id: AccountId, mailbox: Mailbox | undefined): Promise<void> {
    const before = this.workers.get(id);
    this.workers.delete(id);
    const next = mailbox?.imap.host ? this.workerOf(mailbox) : undefined;
    if (next) this.workers.set(id, next);
    await before?.stop();
    // Perhaps there was another change meanwhile, or we stop.
    if (next && this.workers.get(id) === next) next.start();
  }

  private workerOf(mailbox: Mailbox): ImapWorker {
    const { host, door, logins } = this.parts;
    return new ImapWorker(mailbox, {
      host,
      login: (of) => logins.forImap(of),
      loginRefused: (of) => logins.refused(of),
      take: async (raw, of) => {
        const outcomes = await door.take({ raw, to: [{ mailbox: of, recipients: [] }] });
        return outcomes.get(of.id) ?? 'again';
      },
      largest: this.means.settings.MAIL_MAX_MB * 1024 * 1024,
    });
  }
}
