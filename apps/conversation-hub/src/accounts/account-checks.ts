import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Bus, Subscribed } from '@yixian/bus';
import { newId, timestamp, topics } from '@yixian/contracts';
import type {
  AccountCheckAsked,
  AccountCheckEvent,
  AccountFinding,
  AccountStateAsked,
  Clock,
} from '@yixian/contracts';
import { BUS, CLOCK, Refused } from '@yixian/service';

/** A channel that tries a server which says nothing takes as long as that. In ms. */
const PATIENCE_MS = 45_000;

/** How an account stands is known at once, or not at all. In ms. */
const STATE_PATIENCE_MS = 12_000;

type Question<T> = Omit<T, 'kind' | 'id' | 'at'>;

/** Asks channels whether settings work, or how an account stands, and waits for their word. */
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
  check(of: Question<AccountCheckAsked>): Promise<AccountFinding[]> {
    return this.ask({ kind: 'account.check.asked', ...of }, PATIENCE_MS);
  }

  /** Throws `unavailable` when no process of the channel answers. */
  state(of: Question<AccountStateAsked>): Promise<AccountFinding[]> {
    return this.ask({ kind: 'account.state.asked', ...of }, STATE_PATIENCE_MS);
  }

  private async ask(
    question: Omit<AccountCheckAsked, 'id' | 'at'> | Omit<AccountStateAsked, 'id' | 'at'>,
    patience: number,
  ): Promise<AccountFinding[]> {
    const id = newId<string>();
    await this.subscribed?.ready;
    const answer = this.answerTo(id, patience);
    const data = { ...question, id, at: timestamp(this.clock) };
    await this.bus.publish([{ topic: topics.checks, key: question.channel, data }]);
    return answer;
  }

  private answerTo(id: string, patience: number): Promise<AccountFinding[]> {
    return new Promise<AccountFinding[]>((resolve, reject) => {
      const cancel = this.clock.after(patience, () => {
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
