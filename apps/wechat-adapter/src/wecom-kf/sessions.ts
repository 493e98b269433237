import type { ChannelHost } from '@yixian/channel';
import type { Address } from '@yixian/contracts';
import type { Account } from '../account.ts';
import { TencentRefused } from '../tencent/tencent-refused.ts';
import type { WecomApi } from './wecom-api.ts';

/** https://developer.work.weixin.qq.com/document/path/94698 */
export const serviceState = { fresh: 0, assistant: 1, pool: 2, person: 3, ended: 4 } as const;
type State = (typeof serviceState)[keyof typeof serviceState];

/** Not looked at again for so long, in ms. */
const KNOWN_FOR = 10 * 60_000;

/** Who serves a customer, by WeCom's word. We may write only while it is nobody or the assistant, which we are. */
export class Sessions {
  constructor(
    private readonly account: Account,
    private readonly host: Pick<ChannelHost, 'store' | 'clock'>,
    private readonly api: WecomApi,
  ) {}

  /** Makes us the one who serves, before we write. Leaves a customer alone whom a person in WeCom serves. */
  async keep(customer: Address): Promise<void> {
    const key = this.keyOf(customer);
    if (await this.host.store.get(key)) return;
    const state = await this.state(customer);
    if (state === serviceState.fresh) await this.move(customer, serviceState.assistant);
    if (state === serviceState.fresh || state === serviceState.assistant)
      await this.host.store.put(key, true, { expiresAt: this.host.clock.now() + KNOWN_FOR });
  }

  /** Ends the conversation. Gives the code to say goodbye with, good for 20 s. */
  async end(customer: Address): Promise<string | undefined> {
    await this.host.store.delete(this.keyOf(customer));
    const state = await this.state(customer);
    if (state === serviceState.ended || state === serviceState.person) return undefined;
    return this.move(customer, serviceState.ended);
  }

  /** Hands the customer to a person in WeCom, or, without one, to its pool. Gives the code to say so with. */
  async handOver(customer: Address, userId?: string): Promise<string | undefined> {
    await this.host.store.delete(this.keyOf(customer));
    return this.move(customer, userId ? serviceState.person : serviceState.pool, userId);
  }

  /** The state is not what we thought: WeCom said so. */
  forget(customer: Address): Promise<void> {
    return this.host.store.delete(this.keyOf(customer));
  }

  private async state(customer: Address): Promise<State | undefined> {
    const answer = await this.api.call({ path: 'cgi-bin/kf/service_state/get', body: this.bodyOf(customer) });
    return answer.service_state as State | undefined;
  }

  private async move(customer: Address, to: State, userId?: string): Promise<string | undefined> {
    const body = { ...this.bodyOf(customer), service_state: to, ...(userId && { servicer_userid: userId }) };
    const answer = await this.api.call({ path: 'cgi-bin/kf/service_state/trans', body });
    return typeof answer.msg_code === 'string' && answer.msg_code ? answer.msg_code : undefined;
  }

  private bodyOf(customer: Address) {
    return { open_kfid: this.account.openKfId, external_userid: customer };
  }

  private keyOf(customer: Address): string {
    return `session:${this.account.id}:${customer}`;
  }
}

/** WeCom says that we may not write as things stand. */
export const isWrongState = (error: unknown): boolean =>
  error instanceof TencentRefused && error.errcode === 95018;
