import type { ChannelHost } from '@yixian/channel';
import type { AccountId, Address } from '@yixian/contracts';
import type { SendBudget } from '../budget/send-budget.ts';

/** Allowed only shortly after the customer did something, and not while it is still shown, in ms (errors 45080, 45081). */
const AFTER_CUSTOMER = 28_000;
const SHOWN_FOR = 15_000;

/** Shows "the other side is typing". All replicas hear the signal; one of them tells Tencent. */
export class Typing {
  constructor(
    private readonly account: AccountId,
    private readonly host: Pick<ChannelHost, 'store' | 'clock' | 'log'>,
    private readonly budget: SendBudget,
    private readonly tell: (openId: Address) => Promise<unknown>,
  ) {}

  /** Never throws: nothing is lost with it. */
  async show(address: Address): Promise<void> {
    const { store, clock } = this.host;
    try {
      const heard = await this.budget.lastHeard({ account: this.account, address });
      if (heard === undefined || clock.now() - heard > AFTER_CUSTOMER) return;
      const expiresAt = clock.now() + SHOWN_FOR;
      if (await store.add(`typing:${this.account}:${address}`, true, { expiresAt })) await this.tell(address);
    } catch (error) {
      this.host.log('debug', 'Typing could not be shown.', { account: this.account, error: String(error) });
    }
  }
}
