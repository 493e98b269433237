import type { Bus, Subscribed } from '@yixian/bus';
import { timestamp, topics } from '@yixian/contracts';
import type {
  AccountCheckAsked,
  AccountCheckEvent,
  AccountFinding,
  AccountId,
  Clock,
} from '@yixian/contracts';
import { openSettings } from '@yixian/contracts/node';
import type { Logger } from 'pino';
import type { Channel, ChannelStore, ChecksAccounts } from './channel.ts';

/** After this nobody waits for the answer any more, in ms. */
const WORTH_MS = 60_000;

export interface AccountChecksMeans {
  bus: Bus;
  clock: Clock;
  log: Logger;
  store: ChannelStore;
  /** Opens the secrets of settings. */
  key: Buffer;
}

/** Answers when somebody wants to know whether an account's settings work: in one process of the channel. */
export class AccountChecks {
  private subscribed: Subscribed | undefined;

  constructor(
    private readonly channel: Channel & ChecksAccounts,
    private readonly means: AccountChecksMeans,
  ) {}

  async start(): Promise<void> {
    this.subscribed = await this.means.bus.subscribe<AccountCheckEvent>({
      topic: topics.checks,
      delivery: 'every',
      handler: async ({ events }) => {
        for (const { data } of events) {
          // It takes a while, and nobody else must wait for it.
          if (data.kind === 'account.check.asked' && this.isOurs(data)) void this.answer(data);
        }
      },
    });
    await this.subscribed.ready;
  }

  async stop(): Promise<void> {
    await this.subscribed?.stop();
  }

  private isOurs({ channel, at }: AccountCheckAsked): boolean {
    const isFresh = this.means.clock.now() - Date.parse(at) < WORTH_MS;
    return channel === this.channel.about.channel && isFresh;
  }

  private async answer(asked: AccountCheckAsked): Promise<void> {
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

  private async findings({ account, name, settings }: AccountCheckAsked): Promise<AccountFinding[]> {
    const opened = openSettings(this.channel.about.settings, settings, this.means.key);
    return this.channel.checkAccount({
      id: account ?? ('new' as AccountId),
      name,
      settings: opened,
      version: 0,
    });
  }
}
