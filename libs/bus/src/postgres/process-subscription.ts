import type { Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Subscription } from '../bus.ts';
import type { BatchDelivery } from '../delivery/batch-delivery.ts';
import type { RawRecord } from '../delivery/raw-record.ts';
import type { LogReader } from '../log/log-reader.ts';
import { readSnapshot } from '../log/read-snapshot.ts';
import { Footprints } from './footprints.ts';
import { PartitionLane } from './partition-lane.ts';

export interface ProcessMeans {
  subscription: Subscription;
  database: Database;
  reader: LogReader;
  delivery: BatchDelivery;
  clock: Clock;
}

/** A subscription that every process has for itself, `every` or `state`: all partitions, no stored cursor. */
export class ProcessSubscription {
  private lanes: { lane: PartitionLane; head: number; footprints: Footprints }[] = [];

  constructor(private readonly means: ProcessMeans) {}

  /** Finds out where to begin. Throws DatabaseError. */
  async start(): Promise<void> {
    const { subscription, database, reader } = this.means;
    const snapshot = await readSnapshot(database, subscription.topic.name, subscription.delivery === 'state');
    for (const { partition, head, records } of snapshot) {
      const { lane, footprints } = this.lane(partition, records[0]?.offset ?? head);
      this.lanes.push({ lane, head, footprints });
      if (records.length > 0) lane.take(records);
      lane.skipTo(head);
      reader.follow(lane);
    }
  }

  /** Resolves when the snapshot was handled. */
  async ready(): Promise<void> {
    await Promise.all(this.lanes.map(({ lane, head }) => lane.reached(head)));
  }

  /** What would be heard from now on may stand where something was taken back: nothing is, until that is known. */
  lost(): void {
    for (const { lane, footprints } of this.lanes) {
      footprints.hold();
      lane.suspend();
    }
  }

  /** Goes on, from a moment before the connection was lost: what was heard then may have been taken back. */
  verify(): void {
    for (const { lane } of this.lanes) lane.verify();
  }

  async stop(): Promise<void> {
    for (const { lane } of this.lanes) this.means.reader.unfollow(lane);
    await Promise.all(this.lanes.map(({ lane }) => lane.stop()));
  }

  private lane(partition: number, next: number): { lane: PartitionLane; footprints: Footprints } {
    const { subscription, reader, delivery, clock } = this.means;
    const { topic } = subscription;
    const footprints = new Footprints(next, clock);
    const lane: PartitionLane = new PartitionLane({
      topic: topic.name,
      partition,
      next,
      from: null,
      clock,
      deliver: (records: RawRecord[], from, context) => {
        footprints.step(records.at(-1)!.offset + 1);
        return delivery.deliver({ topic, partition, records, from }, context);
      },
      stored: () => Promise.resolve(footprints.goBack(lane.next)),
      onHungry: () => reader.feed(lane),
    });
    return { lane, footprints };
  }
}
