import type { Clock } from '@yixian/contracts';
import { pause } from '@yixian/contracts';
import type { Logger } from 'pino';
import type { BatchContext } from '../bus.ts';
import type { BatchDelivery } from '../delivery/batch-delivery.ts';
import type { Cursors } from '../delivery/cursors.ts';
import type { Delivered, RawRecord } from '../delivery/raw-record.ts';
import type { LogReader } from '../log/log-reader.ts';
import type { Members, Shared } from '../members/members.ts';
import { HANGS_AFTER, PartitionLane } from './partition-lane.ts';

export interface GroupMeans {
  group: string;
  topic: { name: string; partitions: number };
  members: Members;
  reader: LogReader;
  cursors: Cursors;
  clock: Clock;
  log: Logger;
  deliver(
    partition: number,
    records: RawRecord[],
    from: number | null,
    context: BatchContext,
  ): Promise<Delivered>;
  forget?: BatchDelivery['forget'];
}

/** Before the cursors are asked for again while the database is away, in ms. */
const RETRY_OPEN = 500;
/** How long others may take over what hung here, in ms: some signs of life. */
const AWAY = 5000;

/** This process's share of a group: a lane for each partition that it owns at the moment. */
export class GroupSubscription implements Shared {
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  private readonly wanted = new Set<number>();
  private readonly lanes = new Map<number, PartitionLane>();
  /** Opening and closing happen one after the other. */
  private turn: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private rejoining = false;

  constructor(private readonly means: GroupMeans) {
    this.group = means.group;
    this.topic = means.topic.name;
    this.partitions = means.topic.partitions;
  }

  /** Resolves when the first assignment is in place. Throws when this process is a member already. */
  start(): Promise<void> {
    return this.means.members.join(this).then(() => this.turn);
  }

  /** Waits for the running batches, then lets others have the partitions. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.means.members.leave(this);
  }

  /** Its cursors are the server's to keep. */
  lost(): void {}

  /** See {@link PartitionLane.verify}. */
  verify(): void {
    for (const lane of this.lanes.values()) lane.verify();
  }

  assigned(partitions: number[]): void {
    for (const partition of partitions) this.wanted.add(partition);
    this.turn = this.turn.then(() => this.open(partitions));
  }

  revoked(partitions: number[]): Promise<void> {
    for (const partition of partitions) this.wanted.delete(partition);
    this.turn = this.turn.then(() => this.close(partitions));
    return this.turn;
  }

  private async open(partitions: number[]): Promise<void> {
    const missing = (): number[] => partitions.filter((one) => this.wanted.has(one) && !this.lanes.has(one));
    while (missing().length > 0) {
      try {
        const cursors = await this.means.cursors.read(this.group, this.topic);
        for (const partition of missing()) this.openLane(partition, cursors.get(partition) ?? null);
      } catch (error) {
        this.means.log.warn({ err: error, topic: this.topic, group: this.group }, 'Cursors cannot be read.');
        await pause(this.means.clock, RETRY_OPEN);
      }
    }
  }

  /**
   * A process in which a delivery hangs still gives signs of life, and would keep the partition for ever. So it leaves
   * what hangs, and the group for as long as others need to take over; alone, it begins again at once.
   */
  private async hung(lane: PartitionLane): Promise<void> {
    const { members, clock, log } = this.means;
    const { topic, group } = this;
    log.warn(
      { topic, group, partition: lane.partition, afterMs: HANGS_AFTER },
      'A delivery hangs; it is left and begun again.',
    );
    lane.abandon();
    if (this.rejoining || this.stopping.signal.aborted) return;
    this.rejoining = true;
    await members.leave(this);
    if (members.hasOthers) await pause(clock, AWAY, this.stopping.signal);
    this.rejoining = false;
    if (!this.stopping.signal.aborted) await members.join(this);
  }

  private openLane(partition: number, from: number | null): void {
    const { clock, cursors, reader, deliver } = this.means;
    const lane: PartitionLane = new PartitionLane({
      topic: this.topic,
      partition,
      next: from ?? 0,
      from,
      clock,
      deliver: (records, at, context) => deliver(partition, records, at, context),
      stored: async () => (await cursors.read(this.group, this.topic)).get(partition) ?? null,
      onHungry: () => reader.feed(lane),
      onHung: () => void this.hung(lane),
    });
    this.lanes.set(partition, lane);
    reader.follow(lane);
  }

  private async close(partitions: number[]): Promise<void> {
    await Promise.all(
      partitions.map(async (partition) => {
        const lane = this.lanes.get(partition);
        if (!lane) return;
        this.means.reader.unfollow(lane);
        await lane.stop();
        this.lanes.delete(partition);
        this.means.forget?.(partition);
      }),
    );
  }
}
