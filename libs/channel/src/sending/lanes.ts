import type { Cancel, ChannelName, Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';

const keep = { name: 'channel.lanes.keep', text: 'select * from channel.keep_lanes($1, $2, $3, $4)' };
const want = {
  name: 'channel.lanes.want',
  text: `update channel.lane set wanted_by = $2, wanted_until = clock_timestamp() + $4 * interval '1 ms'
    where channel = $1 and partition = $3 and owner is distinct from $2`,
};
const release = {
  name: 'channel.lanes.release',
  text: `update channel.lane set owner = null, alive_until = '-infinity'
    where channel = $1 and owner = $2 and partition = any($3::int[])`,
};

export interface LaneOwner {
  /** A lane became ours: settle what the last owner left. */
  onTaken(partition: number): void;
  /** A lane is another's: nothing of it may begin here any more. */
  onLost(partition: number): void;
  /** Another process should have it: finish what runs and let go. Resolves when nothing of it runs any more. */
  onWanted(partition: number): Promise<void>;
}

export interface LaneMeans {
  database: Database;
  clock: Clock;
  log: Logger;
  leaseMs: number;
  lanes: number;
}

/**
 * The partitions whose commands this process performs. A lease in the database, renewed five times in its length; a
 * lane of a process that died is taken when the lease has run out, one of a living process is asked for and handed over.
 */
export class Lanes {
  private readonly held = new Set<number>();
  private readonly leaving = new Set<number>();
  private cancel: Cancel = () => undefined;
  private stopped = false;
  private beating: Promise<void> | undefined;

  constructor(
    private readonly channel: ChannelName,
    private readonly me: string,
    private readonly means: LaneMeans,
    private readonly owner: LaneOwner,
  ) {}

  async start(): Promise<void> {
    await this.renew();
    this.schedule();
  }

  /** Not while it is being handed over: what would begin here might overtake what was left to the next. */
  holds(partition: number): boolean {
    return this.held.has(partition) && !this.leaving.has(partition);
  }

  /** Asks for a lane that another process holds, or that nobody does. */
  async want(partition: number): Promise<void> {
    const { database, leaseMs } = this.means;
    await database.query(want, [this.channel, this.me, partition, leaseMs * 2]);
    await this.beat();
  }

  /** Lets go of everything. What still runs goes on; nothing new can begin. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.beating;
    await this.release([...this.held]).catch((error: unknown) =>
      this.means.log.warn({ err: error }, 'The lanes could not be let go; their lease will run out.'),
    );
  }

  private schedule(): void {
    this.cancel = this.means.clock.after(this.means.leaseMs / 5, () => {
      void this.beat().then(() => this.stopped || this.schedule());
    });
  }

  private beat(): Promise<void> {
    this.beating ??= this.renew()
      .catch((error: unknown) =>
        this.means.log.warn({ err: error }, 'The lanes of the channel could not be renewed.'),
      )
      .finally(() => (this.beating = undefined));
    return this.beating;
  }

  private async renew(): Promise<void> {
    if (this.stopped) return;
    const { database, leaseMs, lanes } = this.means;
    const rows = await database.query<{ partition: number; taken: boolean; wanted: boolean }>(keep, [
      this.channel,
      this.me,
      leaseMs,
      lanes,
    ]);
    const now = new Set(rows.map(({ partition }) => partition));
    for (const partition of [...this.held].filter((one) => !now.has(one))) {
      this.held.delete(partition);
      this.owner.onLost(partition);
    }
    for (const { partition, taken, wanted } of rows) {
      if (taken || !this.held.has(partition)) {
        this.held.add(partition);
        this.owner.onTaken(partition);
      } else if (wanted) void this.handOver(partition);
    }
  }

  private async handOver(partition: number): Promise<void> {
    if (this.leaving.has(partition)) return;
    this.leaving.add(partition);
    try {
      await this.owner.onWanted(partition);
      await this.release([partition]);
    } catch (error) {
      this.means.log.warn({ partition, err: error }, 'A lane could not be handed over.');
    } finally {
      this.leaving.delete(partition);
    }
  }

  private async release(partitions: number[]): Promise<void> {
    if (partitions.length === 0) return;
    for (const partition of partitions) {
      this.held.delete(partition);
      this.owner.onLost(partition);
    }
    await this.means.database.query(release, [this.channel, this.me, partitions]);
  }
}
