import type { Clock } from '@yixian/contracts';
import type { Logger } from 'pino';
import type { Channel } from '../channel.ts';
import { persist } from '../persist.ts';
import type { Command } from './command.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { Ledger } from './ledger.ts';

interface Loading {
  /** Came from the bus meanwhile; belongs behind what is being loaded. */
  behind: Command[];
  settle: boolean;
  again: boolean;
}

/** Brings a lane's commands from the ledger into memory, in order, and keeps newer ones behind them meanwhile. */
export class LaneLoader {
  private readonly loading = new Map<number, Loading>();

  constructor(
    private readonly ledger: Ledger,
    private readonly queue: LaneQueue,
    private readonly means: { channel: Channel; clock: Clock; log: Logger; signal: AbortSignal },
  ) {}

  /** Commands just taken off the bus. */
  add(partition: number, commands: Command[]): void {
    const loading = this.loading.get(partition);
    if (loading) loading.behind.push(...commands);
    else for (const command of commands) this.queue.add(command);
  }

  /** `settle`: the lane was another's; decide first about what that one left in `sending`. */
  load(partition: number, { settle }: { settle: boolean }): void {
    const running = this.loading.get(partition);
    if (running) {
      running.again = true;
      running.settle ||= settle;
      return;
    }
    const loading: Loading = { behind: [], settle, again: false };
    this.loading.set(partition, loading);
    void this.run(partition, loading);
  }

  private async run(partition: number, loading: Loading): Promise<void> {
    try {
      do {
        loading.again = false;
        for (const command of await persist(() => this.read(partition, loading), this.means))
          this.queue.add(command);
      } while (loading.again);
      for (const command of loading.behind) this.queue.add(command);
    } catch (error) {
      // The commands stay in the ledger; whoever takes the lane next finds them.
      if (!this.means.signal.aborted)
        this.means.log.error({ err: error, partition }, 'A lane could not be loaded.');
    } finally {
      this.loading.delete(partition);
    }
  }

  private async read(partition: number, loading: Loading): Promise<Command[]> {
    if (loading.settle) {
      await this.ledger.settleInterrupted(partition, this.means.channel.repeatable ?? false);
      loading.settle = false;
    }
    return this.ledger.waiting(partition);
  }
}
