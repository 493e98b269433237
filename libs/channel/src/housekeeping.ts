import type { Cancel, ChannelName, Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { Reception } from './receiving/reception.ts';

const REPLAY_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 60 * 60_000;
/** The bus keeps commands for seven days; what is older than this can no longer come a second time. */
const LEDGER_DAYS = 30;

/** Replays what somebody wants replayed, and throws away what is of no use any more. */
export class Housekeeping {
  private readonly cancels = new Map<string, Cancel>();

  constructor(
    private readonly channel: ChannelName,
    private readonly means: { database: Database; clock: Clock; log: Logger; reception: Reception },
  ) {}

  start(): void {
    this.repeat('replay', REPLAY_EVERY_MS, () => this.means.reception.replayWanted());
    this.repeat('tidy', TIDY_EVERY_MS, () => this.tidy());
  }

  stop(): void {
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
  }

  private repeat(name: string, everyMs: number, work: () => Promise<void>): void {
    const again = () => {
      void work()
        .catch((error: unknown) =>
          this.means.log.warn({ err: error, name }, 'Housekeeping failed; it comes again.'),
        )
        .then(() => this.cancels.has(name) && this.repeat(name, everyMs, work));
    };
    this.cancels.set(name, this.means.clock.after(everyMs, again));
  }

  private async tidy(): Promise<void> {
    const { database, clock } = this.means;
    const now = new Date(clock.now());
    await database.query('delete from channel.store where channel = $1 and expires_at < $2', [
      this.channel,
      now,
    ]);
    await database.query(
      `delete from channel.send_ledger
       where channel = $1 and state in ('sent', 'failed', 'unknown') and at < now() - $2 * interval '1 day'`,
      [this.channel, LEDGER_DAYS],
    );
  }
}
