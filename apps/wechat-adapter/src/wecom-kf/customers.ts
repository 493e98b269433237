import type { ChannelHost } from '@yixian/channel';
import type { Address, Sender } from '@yixian/contracts';
import type { Account } from '../account.ts';
import { Recent } from '../recent.ts';
import { unionClaim } from '../official-account/from-user-info.ts';
import type { WecomApi } from './wecom-api.ts';

/** A profile is asked for again after a week, in ms. */
const KNOWN_FOR = 7 * 24 * 3_600_000;

interface Profile {
  nickname?: string;
  avatar?: string;
  unionid?: string;
}

/** Learns who customers are, beside the way of their messages. https://developer.work.weixin.qq.com/document/path/95159 */
export class Customers {
  /** In this process; the store knows of all. */
  private readonly asked = new Recent<true>(20_000);

  constructor(
    private readonly account: Account,
    private readonly host: Pick<ChannelHost, 'store' | 'clock' | 'assertIdentity' | 'log'>,
    private readonly api: WecomApi,
  ) {}

  /** Never throws, and nobody needs to wait. */
  learn(customer: Address): void {
    this.learnOnce(customer).catch((error: unknown) =>
      this.host.log('info', 'A profile could not be had.', {
        account: this.account.id,
        error: String(error),
      }),
    );
  }

  private async learnOnce(customer: Address): Promise<void> {
    const { store, clock } = this.host;
    if (!this.asked.add(customer, true)) return;
    const key = `profile:${this.account.id}:${customer}`;
    if (!(await store.add(key, true, { expiresAt: clock.now() + KNOWN_FOR }))) return;
    try {
      const body = { external_userid_list: [customer], need_enter_session_context: 0 };
      const { customer_list: list } = await this.api.call({ path: 'cgi-bin/kf/customer/batchget', body });
      const [profile] = Array.isArray(list) ? (list as Profile[]) : [];
      if (profile) await this.host.assertIdentity(this.account.id, customer, this.senderOf(profile));
    } catch (error) {
      this.asked.delete(customer);
      await store.delete(key);
      throw error;
    }
  }

  private senderOf({ nickname, avatar, unionid }: Profile): Sender {
    const { openPlatform, corpId: appId } = this.account;
    return {
      ...(nickname && { name: nickname.slice(0, 200) }),
      ...(avatar && { avatarUrl: avatar.slice(0, 2000) }),
      claims: unionid && openPlatform ? [unionClaim(unionid, { appId, openPlatform })] : [],
    };
  }
}
