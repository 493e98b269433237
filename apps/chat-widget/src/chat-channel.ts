import { DeliveryError } from '@yixian/channel';
import type {
  AccountSettings,
  Channel,
  ChannelAbout,
  ChannelHost,
  FollowsConversation,
  KeepsTranscript,
  Sent,
  ShowsReads,
  ShowsSignals,
  TranscriptLine,
} from '@yixian/channel';
import type {
  AccountId,
  Address,
  ChannelName,
  ConversationShown,
  ReadByAgent,
  SendMessage,
  Signal,
  VisitorConversation,
} from '@yixian/contracts';
import { Refused } from '@yixian/service';
import { SiteSettings, siteSettingsSchema } from './site.ts';
import type { Site } from './site.ts';
import { conversationToVisitor, toVisitor } from './to-visitor.ts';
import type { VisitorRooms } from './visitors/rooms.ts';
import type { VisitorFiles } from './visitors/visitor-files.ts';
import { VisitorRecords } from './visitors/visitor-records.ts';

export const CHAT = 'chat' as ChannelName;

/** How many of the newest lines are searched for the one that an agent has read up to. */
const LOOK_BACK = 200;

/**
 * Web chat. A message is sent once it stands in the transcript, which each of the visitor's browsers reads; it is
 * delivered when one of them says that it has it, and read when its person has seen it.
 */
export class ChatChannel implements Channel, KeepsTranscript, ShowsSignals, FollowsConversation, ShowsReads {
  readonly about: ChannelAbout = {
    channel: CHAT,
    name: { 'zh-CN': '网页聊天', en: 'Web chat' },
    icon: 'M12 3c-5 0-9 3.3-9 7.5 0 2.3 1.2 4.4 3.2 5.8l-.7 3.7 4-1.8c.8.2 1.6.3 2.5.3 5 0 9-3.4 9-7.7S17 3 12 3Z',
    settings: siteSettingsSchema,
  };
  /** What a crash interrupted may be done again: the transcript keeps each message once. */
  readonly repeatable = true;
  private running: ChannelHost | undefined;
  private stopped = false;
  private readonly sites = new Map<AccountId, Site>();

  constructor(
    private readonly rooms: VisitorRooms,
    private readonly files: VisitorFiles,
  ) {}

  async start(host: ChannelHost): Promise<void> {
    this.running = host;
    host.onAccount((id, account) => this.setSite(id, account));
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }

  /** Nothing to do at once: the host has put the message into the transcript. */
  async send(message: SendMessage): Promise<Sent> {
    if (!this.sites.has(message.account)) {
      throw new DeliveryError('account_disabled', { retryable: false, certain: true });
    }
    return { state: 'sent' };
  }

  onTranscript(account: AccountId, address: Address, lines: TranscriptLine[]): void {
    if (!this.rooms.has(account, address)) return;
    const shown = lines.map((line) => toVisitor(line, (file) => this.files.shown(file)));
    this.rooms.tell(account, address, 'lines', shown);
  }

  onSignal(signal: Signal): void {
    if (signal.kind === 'agent.viewing' || signal.channel !== CHAT) return;
    const { account, address } = signal;
    if (signal.kind === 'typing' && signal.by === 'agent') {
      this.rooms.tell(account, address, 'typing', { name: signal.name ?? null });
    }
    if (signal.kind === 'queue.position') this.rooms.tell(account, address, 'queue', { ahead: signal.ahead });
  }

  async onConversation(shown: ConversationShown): Promise<void> {
    await this.records.saveConversation(shown);
    const conversation = await this.conversationOf(shown.account, shown.address);
    if (conversation) this.rooms.tell(shown.account, shown.address, 'conversation', conversation);
  }

  async onRead({ account, address, upTo }: ReadByAgent): Promise<void> {
    const lines = await this.host.transcript.read(account, address, { limit: LOOK_BACK });
    const position = lines.find(({ id }) => id === upTo)?.position;
    if (!position) return;
    // Every process tells its own sockets; what is kept grows once.
    const kept = await this.records.readByAgent(account, address);
    if (position > kept) await this.records.saveReadByAgent(account, address, position);
    this.rooms.tell(account, address, 'read', { position });
  }

  /** Throws {@link Refused} `unavailable` until the host has started us. */
  get host(): ChannelHost {
    if (!this.running) throw new Refused('unavailable', 'The chat is starting.', { retryAfter: 2 });
    return this.running;
  }

  get records(): VisitorRecords {
    return new VisitorRecords(this.host.store, this.host.clock);
  }

  /** Throws {@link Refused}: `unknown_site`, or `unavailable` while we start or stop. */
  site(id: string): Site {
    if (this.stopped || !this.running)
      throw new Refused('unavailable', 'The chat starts or stops.', { retryAfter: 2 });
    const site = this.sites.get(id as AccountId);
    if (!site) throw new Refused('unknown_site', `There is no chat for the site "${id}".`);
    return site;
  }

  /** The visitor's newest conversation, as they may see it. */
  async conversationOf(account: AccountId, address: Address): Promise<VisitorConversation | null> {
    const shown = await this.records.conversation(account, address);
    if (!shown) return null;
    const done = await this.records.surveyDone(shown.conversationId);
    const wanted = this.sites.get(account)?.survey ?? false;
    return conversationToVisitor(shown, { wanted, done, now: this.host.clock.now() });
  }

  private setSite(id: AccountId, account: AccountSettings | undefined): void {
    this.sites.delete(id);
    if (!account) return;
    const settings = SiteSettings.safeParse(account.settings);
    if (settings.success) this.sites.set(id, { id, name: account.name, ...settings.data });
    else
      this.host.log('warn', 'The settings of a chat site are not right.', {
        account: id,
        issues: settings.error.issues,
      });
  }
}
