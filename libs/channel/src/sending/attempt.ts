import type { Clock, SendMessage } from '@yixian/contracts';
import type { Logger } from 'pino';
import type { Accounts } from '../accounts.ts';
import type { ChannelMetrics } from '../channel-metrics.ts';
import { DeliveryError } from '../channel.ts';
import type { AccountSettings, Channel } from '../channel.ts';
import type { Command } from './command.ts';
import type { Ended } from './ledger.ts';
import { outcomeOfError, outcomeOfSent, TIMED_OUT } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { RetryPolicy } from './retry-policy.ts';

export interface AttemptMeans {
  channel: Channel;
  accounts: Accounts;
  clock: Clock;
  log: Logger;
  metrics: ChannelMetrics;
  tuning: { sendTimeoutMs: number; retry: RetryPolicy };
}

/** Calls the channel once for a message and says what came of it; never rejects. */
export class Attempt {
  constructor(
    private readonly means: AttemptMeans,
    /** Told what came of an attempt after it was given up as `unknown`. */
    private readonly onLate: (ended: Ended) => Promise<void>,
  ) {}

  async of(command: Command, message: SendMessage): Promise<Outcome> {
    const account = this.means.accounts.get(message.account);
    if (!account) return { kind: 'done', state: 'failed', reason: 'account_disabled' };
    const began = this.means.clock.monotonic();
    const outcome = await this.inTime(command, this.call(command, message, account));
    const seconds = (this.means.clock.monotonic() - began) / 1000;
    this.means.metrics.sent(outcome.kind === 'done' ? outcome.state : 'retry', seconds);
    return outcome;
  }

  private async call(command: Command, message: SendMessage, account: AccountSettings): Promise<Outcome> {
    const { channel, clock, log, tuning } = this.means;
    try {
      return outcomeOfSent(await channel.send(message, account));
    } catch (error) {
      const { attempts, takenAt } = command;
      const ageMs = clock.now() - takenAt;
      const outcome = outcomeOfError(error, { attempts, ageMs, policy: tuning.retry });
      // The channel foresaw a DeliveryError; anything else is a fault of its own that somebody has to look at.
      // One that only waits says so again and again.
      const foreseen = error instanceof DeliveryError;
      const level = foreseen ? (error.options.patience ? 'debug' : 'info') : 'error';
      log[level]({ err: error, message: message.id, attempts, outcome }, 'A message was not sent.');
      return outcome;
    }
  }

  private inTime(command: Command, call: Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve) => {
      let late = false;
      const cancel = this.means.clock.after(this.means.tuning.sendTimeoutMs, () => {
        late = true;
        resolve({ kind: 'done', state: 'unknown', reason: TIMED_OUT });
      });
      void call.then((outcome) => {
        cancel();
        if (late) this.tellLate(command, outcome);
        else resolve(outcome);
      });
    });
  }

  /** Better late than never known. What could have been tried again is not: the customer's next message has gone. */
  private tellLate(command: Command, outcome: Outcome): void {
    if (outcome.kind === 'done' && outcome.state === 'unknown') return;
    const known: Outcome =
      outcome.kind === 'again' ? { kind: 'done', state: 'failed', reason: outcome.reason } : outcome;
    this.onLate({ command, outcome: known }).catch((error: unknown) =>
      this.means.log.warn({ err: error, message: command.id }, 'A late outcome could not be kept.'),
    );
  }
}
