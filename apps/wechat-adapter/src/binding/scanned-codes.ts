import { BIND_CODE_LASTS, BindCodes } from '@yixian/channel';
import type { ChannelHost } from '@yixian/channel';
import type { Address } from '@yixian/contracts';
import type { Account } from '../account.ts';

/** What stands in a record in place of a code of ours. */
const SCENE = 'web-chat';

interface Host {
  host: Pick<ChannelHost, 'store' | 'clock' | 'assertIdentity' | 'log'>;
  bindKey: Buffer;
}

/** Followers who scan the QR code that another channel shows to a customer: whoever scans it first is that customer. */
export class ScannedCodes {
  private readonly codes: BindCodes;

  constructor(
    private readonly account: Pick<Account, 'id'>,
    private readonly means: Host,
  ) {
    this.codes = new BindCodes(means.bindKey, means.host.clock);
  }

  /** Whether it can still be scanned. */
  isOpen(code: string): boolean {
    return this.codes.open(this.account.id, code)?.expired === false;
  }

  /** The scene as it is kept: a code of ours says nothing to anybody once it was scanned. */
  nameOf(scene: string): string {
    return this.codes.open(this.account.id, scene) ? SCENE : scene;
  }

  /** A scene that is no code of ours, or an old one, binds nobody. The same follower may come again. */
  async scanned(openId: Address, scene: string): Promise<void> {
    const { id: account } = this.account;
    const { host } = this.means;
    const code = this.codes.open(account, scene);
    if (!code || code.expired) return;
    const key = `bound:${account}:${code.id}`;
    const first = await host.store.add(key, openId, { expiresAt: host.clock.now() + 2 * BIND_CODE_LASTS });
    if (!first && (await host.store.get<Address>(key)) !== openId)
      return host.log('info', 'A QR code was scanned by a second follower, who is not bound.', { account });
    await host.assertIdentity(account, openId, { claims: [code.claim] });
  }
}
