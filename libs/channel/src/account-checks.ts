import type { Bus, Subscribed } from '@yixian/bus';
import { timestamp, topics } from '@yixian/contracts';
import type {
  AccountCheckAsked,
  AccountCheckEvent,
  AccountFinding,
  AccountStateAsked,
  AccountId,
  Clock,
} from '@yixian/contracts';
import { openSettings } from '@yixian/contracts/node';
import type { Logger } from 'pino';
import { checksAccounts, tellsState } from './abilities.ts';
import type { AccountSettings, Channel, ChannelStore } from './channel.ts';

/** After this nobody waits for the answer any more, in ms. */
const WORTH_MS = 60_000;

type Asked = AccountCheckAsked | AccountStateAsked;

export interface AccountChecksMeans {
  bus: Bus;
  clock: Clock;
  log: Logger;
  store: ChannelStore;
  /** Opens the secrets of settings. */
  key: Buffer;
  account(id: AccountId): AccountSettings | undefined;
}

/** Answers when somebody wants to know whether an account's settings work, or how it stands: in one process of the channel. */
export class AccountChecks {
  private subscribed: Subscribed | undefined;

  constructor(
    private readonly channel: Channel,
    private readonly means: AccountChecksMeans,
  ) {}

  async start(): Promise<void> {
    this.subscribed = await this.means.bus.subscribe<AccountCheckEvent>({
      topic: topics.checks,
      delivery: 'every',
      handler: async ({ events }) => {
        for (const { data } of events) {
          // It takes a while, and nobody else must wait for it.
          if (data.kind !== 'account.check.answered' && this.isOurs(data)) void this.answer(data);
        }
      },
    });
    await this.subscribed.ready;
  }

  async stop(): Promise<void> {
    await this.subscribed?.stop();
  }

  private isOurs({ kind, channel, at }: Asked): boolean {
    const isFresh = this.means.clock.now() - Date.parse(at) < WORTH_MS;
    const isAble = kind === 'account.state.asked' ? tellsState(this.channel) : checksAccounts(this.channel);
    return channel === this.channel.about.channel && isFresh && isAble;
  }

  private async answer(asked: Asked): Promise<void> {
    const { bus, clock, log, store } = this.means;
    const { id, channel } = asked;
    try {
      const expiresAt = clock.now() + WORTH_MS;
      if (!(await store.add(`account-check:${id}`, true, { expiresAt }))) return;
      const findings = await this.findings(asked);
      const data = { kind: 'account.check.answered' as const, id, channel, findings, at: timestamp(clock) };
      await bus.publish([{ topic: topics.checks, key: channel, data }]);
    } catch (error) {
      log.warn({ err: error }, 'A question about the settings of an account was not answered.');
    }
  }

  private async findings(asked: Asked): Promise<AccountFinding[]> {
    if (asked.kind === 'account.state.asked') return this.state(asked);
    if (!checksAccounts(this.channel)) return [];
    const { account, name, settings } = asked;
    const opened = openSettings(this.channel.about.settings, settings, this.means.key);
    return this.channel.checkAccount({
      id: account ?? ('new' as AccountId),
      name,
      settings: opened,
      version: 0,
    });
  }

  private async state({ account: id }: AccountStateAsked): Promise<AccountFinding[]> {
    const account = this.means.account(id);
    return account && tellsState(this.channel) ? this.channel.stateOf(account) : [];
  }
}
