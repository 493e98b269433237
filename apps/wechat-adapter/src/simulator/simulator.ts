import type { AccountId, Clock } from '@yixian/contracts';
import { FakeTencent } from '../../testing/tencent/fake-tencent.ts';
import { OfficialAccountPeer } from '../../testing/tencent/official-account-peer.ts';
import { WecomPeer } from '../../testing/tencent/wecom-peer.ts';
import type { Account } from '../account.ts';
import { SimulatedWechat } from '../wechaty/simulator/simulated-wechat.ts';
import { OfficialAccountSeat } from './official-account-seat.ts';
import type { Seat } from './seat.ts';
import { SimulatedBotSeat } from './simulated-bot-seat.ts';
import { WecomSeat } from './wecom-seat.ts';

/** A small Tencent inside the process, whose customers are played on a page. For development. */
export class Simulator {
  private tencent: FakeTencent | undefined;
  private readonly seats = new Map<AccountId, Seat>();
  /** The WeChat that simulated bots live in. */
  readonly wechat: SimulatedWechat;

  constructor(private readonly clock: Clock) {
    this.wechat = new SimulatedWechat(clock);
  }

  async open(): Promise<void> {
    this.tencent ??= await FakeTencent.open();
  }

  async close(): Promise<void> {
    await this.tencent?.close();
    this.tencent = undefined;
  }

  /** Puts an account into the simulated Tencent and gives the address of its API. The customers of before are kept. */
  connect(account: Account): string {
    if (!this.tencent) throw new Error('The simulator is not open.');
    const known = this.seats.get(account.id);
    const seat = this.seatOf(account);
    if (known) seat.take(known);
    this.seats.set(account.id, seat);
    return seat.peer ? this.tencent.add(account.id, seat.peer) : '';
  }

  /** Accounts that can be written to. */
  list(): Seat[] {
    return [...this.seats.values()];
  }

  seat(id: string): Seat | undefined {
    return this.seats.get(id as AccountId);
  }

  /** The next requests to `path` meet this. */
  misbehave(path: string, fault: 'mute' | 'cut' | 'late' | number): void {
    this.tencent?.faults.add(path, fault);
  }

  private seatOf(account: Account): Seat {
    const { token, encodingAesKey } = account;
    const target = { url: '', token, encodingAesKey, format: 'xml' as const, clock: this.clock };
    switch (account.provider) {
      case 'official-account': {
        const peer = new OfficialAccountPeer({
          ...target,
          receiver: account.appId,
          appSecret: account.appSecret,
        });
        return new OfficialAccountSeat(account, peer, this.clock);
      }
      case 'wecom-kf': {
        const { corpId: receiver, corpSecret, openKfId } = account;
        return new WecomSeat(
          account,
          new WecomPeer({ ...target, receiver, corpSecret, openKfId }),
          this.clock,
        );
      }
      case 'wechaty':
        return new SimulatedBotSeat(account, this.wechat);
    }
  }
}
