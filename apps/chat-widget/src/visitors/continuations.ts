import { BIND_CODE_LASTS, BindCodes } from '@yixian/channel';
import type { AccountId, Clock, Continuation } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import type { ChatChannel } from '../chat-channel.ts';
import { wechatDoor } from '../site.ts';
import type { Visitor } from './visitor.ts';

/** A code is shown again while half of its time is left, so that nobody collects them. */
const SHOWN_FOR = BIND_CODE_LASTS / 2;

/** Lets visitors go on in WeChat: they scan a code that is theirs, and are known there as the same person. */
export class Continuations {
  private readonly codes: BindCodes;

  constructor(
    private readonly channel: ChatChannel,
    /** `secret.key('bind-codes')`. */
    key: Buffer,
    private readonly clock: Clock,
  ) {
    this.codes = new BindCodes(key, clock);
  }

  /** Throws {@link Refused}: `unsupported` where the site has no WeChat, `invalid` for somebody who has said nothing. */
  async offer({ site: id, address }: Pick<Visitor, 'site' | 'address'>): Promise<Continuation> {
    const door = wechatDoor(this.channel.site(id));
    if (!door) throw new Refused('unsupported', 'This site does not continue in WeChat.');
    const visitor = await this.channel.records.find(id, address);
    if (!visitor.spoke) throw new Refused('invalid', 'There is nothing to continue yet.');
    return { picture: `${door.url}/bind/${await this.codeOf(visitor, door.account)}` };
  }

  private async codeOf(visitor: Visitor, account: AccountId): Promise<string> {
    const { host } = this.channel;
    const key = `bind:${visitor.site}:${visitor.address}:${account}`;
    const held = await host.store.get<string>(key);
    if (held) return held;
    const code = this.codes.make(account);
    const { claim } = this.codes.open(account, code)!;
    await host.assertIdentity(visitor.site, visitor.address, { claims: [claim] });
    await host.store.put(key, code, { expiresAt: this.clock.now() + SHOWN_FOR });
    return code;
  }
}
