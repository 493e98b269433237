import type { ChannelHost } from '@yixian/channel';
import type { Address } from '@yixian/contracts';
import type { Account } from '../account.ts';
import { Recent } from '../recent.ts';
import type { Answer } from '../tencent/tencent-api.ts';
import { fromUserInfo } from './from-user-info.ts';

/** A profile is asked for again after a week, in ms; after an error sooner. */
const KNOWN_FOR = 7 * 24 * 3_600_000;

/** Learns who followers are, beside the way of their messages: one question per follower and week. */
export class Profiles {
  /** In this process; the store knows of all. */
  private readonly asked = new Recent<true>(20_000);

  constructor(
    private readonly account: Account,
    private readonly host: Pick<ChannelHost, 'store' | 'clock' | 'assertIdentity' | 'log'>,
    private readonly nameScene: (scene: string) => string,
    private readonly ask: (openId: Address) => Promise<Answer>,
  ) {}

  /** Never throws, and nobody needs to wait. */
  learn(openId: Address): void {
    this.learnOnce(openId).catch((error: unknown) =>
      this.host.log('info', 'A profile could not be had.', {
        account: this.account.id,
        error: String(error),
      }),
    );
  }

  private async learnOnce(openId: Address): Promise<void> {
    const { store, clock } = this.host;
    if (!this.asked.add(openId, true)) return;
    const key = `profile:${this.account.id}:${openId}`;
    if (!(await store.add(key, true, { expiresAt: clock.now() + KNOWN_FOR }))) return;
    try {
      const sender = fromUserInfo(await this.ask(openId), this.account, this.nameScene);
      if (sender) await this.host.assertIdentity(this.account.id, openId, sender);
    } catch (error) {
      this.asked.delete(openId);
      await store.delete(key);
      throw error;
    }
  }
}
