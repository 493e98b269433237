import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Bus, Subscribed } from '@yixian/bus';
import { newId, timestamp, topics } from '@yixian/contracts';
import type { AccountCheckAsked, AccountCheckEvent, AccountFinding, Clock } from '@yixian/contracts';
import { BUS, CLOCK, Refused } from '@yixian/service';

/** A channel that tries a server which says nothing takes as long as that. In ms. */
const PATIENCE_MS = 45_000;

/** Asks channels whether settings work, and waits for their word. */
@Injectable()
export class AccountChecks implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly waiting = new Map<string, (findings: AccountFinding[]) => void>();
  private subscribed: Subscribed | undefined;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.subscribed = await this.bus.subscribe<AccountCheckEvent>({
      topic: topics.checks,
      delivery: 'every',
      handler: async ({ events }) => {
        for (const { data } of events) {
          if (data.kind === 'account.check.answered') this.waiting.get(data.id)?.(data.findings);
        }
      },
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscribed?.stop();
  }

  /** Throws `unavailable` when no process of the channel answers. */
  async ask(
    of: Pick<AccountCheckAsked, 'channel' | 'account' | 'name' | 'settings'>,
  ): Promise<AccountFinding[]> {
    const id = newId<string>();
    await this.subscribed?.ready;
    const answer = this.answerTo(id);
    const data = { kind: 'account.check.asked' as const, id, ...of, at: timestamp(this.clock) };
    await this.bus.publish([{ topic: topics.checks, key: of.channel, data }]);
    return answer;
  }

  private answerTo(id: string): Promise<AccountFinding[]> {
    return new Promise<AccountFinding[]>((resolve, reject) => {
      const cancel = this.clock.after(PATIENCE_MS, () => {
        this.waiting.delete(id);
        reject(new Refused('unavailable', 'The channel does not answer. Is its service running?'));
      });
      this.waiting.set(id, (findings) => {
        cancel();
        this.waiting.delete(id);
        resolve(findings);
      });
    });
  }
}
