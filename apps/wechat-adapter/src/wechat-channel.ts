import { DeliveryError } from '@yixian/channel';
import type {
  AccountSettings,
  Channel,
  ChannelAbout,
  ChannelHost,
  FollowsConversation,
  Sent,
  ShowsSignals,
  TellsState,
} from '@yixian/channel';
import type {
  AccountFinding,
  AccountId,
  ChannelName,
  ConversationShown,
  SendMessage,
  Signal,
} from '@yixian/contracts';
import { WechatAccount, wechatAccountSchema } from './account.ts';
import type { Account } from './account.ts';
import type { CallbackDoor, CallbackQuery } from './callback/callback-door.ts';
import { CallbackRefused } from './callback/callback-refused.ts';
import type { WechatProvider } from './provider.ts';
import { notRunning } from './standing/to-findings.ts';

export const WECHAT = 'wechat' as ChannelName;

/** A provider that Tencent calls. */
export interface TakesCallbacks {
  readonly door: Pick<CallbackDoor, 'verify'>;
  /** Resolves with the answer once it is durable. Throws `CallbackRefused`; anything else: it shall come again. */
  push(query: CallbackQuery, body: Uint8Array): Promise<string>;
}

/** A provider whose customers can be bound to those of another channel. */
export interface BindsCustomers {
  readonly binding: {
    codes: { isOpen(code: string): boolean };
    /** The picture to be scanned. Throws `TencentRefused` and `TencentSilent`. */
    pictures: { of(code: string): Promise<Buffer> };
  };
}

/** A provider that can show that an agent types. */
export interface ShowsTyping {
  readonly typing: { show(address: SendMessage['address']): Promise<void> };
}

/** A provider that has something to do when a conversation ends. */
export interface EndsConversations {
  onClosed(shown: ConversationShown): Promise<void>;
}

type AnyProvider = WechatProvider &
  Partial<TakesCallbacks & BindsCustomers & ShowsTyping & EndsConversations>;
/** `all`: every provider that runs, at the time of asking. */
export type MakeProvider = (account: Account, host: ChannelHost, all: () => AnyProvider[]) => AnyProvider;

/** For how long the same end of a conversation is known, in ms. */
const CLOSED_KEPT = 24 * 3_600_000;

interface Running {
  provider: AnyProvider;
  started: Promise<void>;
}

/** WeChat: one provider for each account, whichever kind it is. */
export class WechatChannel implements Channel, ShowsSignals, FollowsConversation, TellsState {
  readonly about: ChannelAbout = {
    channel: WECHAT,
    name: { 'zh-CN': '微信', en: 'WeChat' },
    icon: 'M9.2 4C5.2 4 2 6.7 2 10c0 1.9 1 3.5 2.700 4.700L4 17l2.600-1.300c.8.2 1.700.3 2.600.3h.5a5.300 5.300 0 0 1-.2-1.500c0-3.200 3-5.800 6.700-5.800h.5C16.100 6 13 4 9.200 4ZM22 14.500c0-2.700-2.700-4.900-5.900-4.900s-5.900 2.200-5.900 4.900 2.700 4.900 5.900 4.900c.7 0 1.400-.1 2-.3l2.100 1.100-.6-1.900c1.500-.9 2.400-2.300 2.400-3.800Z',
    settings: wechatAccountSchema,
  };
  private host: ChannelHost | undefined;
  private stopped = false;
  private readonly running = new Map<AccountId, Running>();
  private readonly stopping = new Set<Promise<void>>();

  constructor(
    private readonly make: MakeProvider,
    /** What must be there before the first account. */
    private readonly around?: { open(): Promise<void>; close(): Promise<void> },
  ) {}

  async start(host: ChannelHost): Promise<void> {
    this.host = host;
    await this.around?.open();
    host.onAccount((id, account) => this.setAccount(id, account));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const id of this.running.keys()) this.end(id);
    await Promise.all(this.stopping);
    await this.around?.close();
  }

  /** Whether WeChat is simulated in this process. */
  get isSimulated(): boolean {
    return this.around !== undefined;
  }

  async send(message: SendMessage): Promise<Sent> {
    const running = this.running.get(message.account);
    if (!running) throw new DeliveryError('account_disabled', { retryable: false, certain: true });
    await running.started;
    return running.provider.send(message);
  }

  onSignal(signal: Signal): void {
    if (signal.kind !== 'typing' || signal.by !== 'agent' || signal.channel !== WECHAT) return;
    void this.running.get(signal.account)?.provider.typing?.show(signal.address);
  }

  async onConversation(shown: ConversationShown): Promise<void> {
    if (shown.state !== 'closed' || !this.host) return;
    const provider = this.running.get(shown.account)?.provider;
    const once = `closed:${shown.conversationId}:${shown.version}`;
    const expiresAt = this.host.clock.now() + CLOSED_KEPT;
    // It is told in every process, and may be told again.
    if (!provider?.onClosed || !(await this.host.store.add(once, true, { expiresAt }))) return;
    try {
      await provider.onClosed(shown);
    } catch (error) {
      await this.host.store.delete(once);
      throw error;
    }
  }

  async stateOf({ id }: AccountSettings): Promise<AccountFinding[]> {
    return (await this.running.get(id)?.provider.standing()) ?? [notRunning];
  }

  /** Where the callbacks of an account go. Throws {@link CallbackRefused} `unknown_account`. */
  callbacks(id: string): TakesCallbacks {
    if (this.stopped) throw new DeliveryError('stopping', { retryable: true, certain: true });
    const provider = this.running.get(id as AccountId)?.provider;
    if (!provider || !takesCallbacks(provider)) throw new CallbackRefused('unknown_account');
    return provider;
  }

  /** How customers of other channels are bound to an account; `undefined` where that cannot be. */
  binding(id: string): BindsCustomers['binding'] | undefined {
    return this.running.get(id as AccountId)?.provider.binding;
  }

  provider(id: AccountId): AnyProvider | undefined {
    return this.running.get(id)?.provider;
  }

  /** Every provider that runs. */
  providers(): AnyProvider[] {
    return [...this.running.values()].map(({ provider }) => provider);
  }

  note(level: 'debug' | 'info' | 'warn', message: string, detail: Record<string, unknown>): void {
    this.host?.log(level, message, detail);
  }

  private setAccount(id: AccountId, given: AccountSettings | undefined): void {
    this.end(id);
    if (!given || this.stopped || !this.host) return;
    const settings = WechatAccount.safeParse(given.settings);
    if (!settings.success) {
      const issues = settings.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      this.host.log('warn', 'The settings of a WeChat account are not right.', { account: id, issues });
      return;
    }
    this.begin(this.host, { id, name: given.name, ...settings.data });
  }

  private begin(host: ChannelHost, account: Account): void {
    try {
      const provider = this.make(account, host, () => this.providers());
      const started = provider
        .start((received) => host.receive(received))
        .catch((error: unknown) =>
          host.log('error', 'A WeChat account could not be started.', {
            account: account.id,
            error: String(error),
          }),
        );
      this.running.set(account.id, { provider, started });
    } catch (error) {
      host.log('error', 'A WeChat account could not be started.', {
        account: account.id,
        error: String(error),
      });
    }
  }

  private end(id: AccountId): void {
    const running = this.running.get(id);
    if (!running) return;
    this.running.delete(id);
    const stopped = running.provider.stop().finally(() => this.stopping.delete(stopped));
    this.stopping.add(stopped);
  }
}

const takesCallbacks = (provider: AnyProvider): provider is WechatProvider & TakesCallbacks =>
  provider.push !== undefined;
