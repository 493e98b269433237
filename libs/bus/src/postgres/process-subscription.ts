import type { Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Subscription } from '../bus.ts';
import type { BatchDelivery } from '../delivery/batch-delivery.ts';
import type { RawRecord } from '../delivery/raw-record.ts';
import type { LogReader } from '../log/log-reader.ts';
import { readSnapshot } from '../log/read-snapshot.ts';
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
  private lanes: { lane: PartitionLane; head: number }[] = [];

  constructor(private readonly means: ProcessMeans) {}

  /** Finds out where to begin. Throws DatabaseError. */
  async start(): Promise<void> {
    const { subscription, database, reader } = this.means;
    const snapshot = await readSnapshot(database, subscription.topic.name, subscription.delivery === 'state');
    for (const { partition, head, records } of snapshot) {
      const lane = this.lane(partition, records[0]?.offset ?? head);
      this.lanes.push({ lane, head });
      if (records.length > 0) lane.take(records);
      lane.skipTo(head);
      reader.follow(lane);
    }
  }

  /** Resolves when the snapshot was handled. */
  async ready(): Promise<void> {
    await Promise.all(this.lanes.map(({ lane, head }) => lane.reached(head)));
  }

  async stop(): Promise<void> {
    for (const { lane } of this.lanes) this.means.reader.unfollow(lane);
    await Promise.all(this.lanes.map(({ lane }) => lane.stop()));
  }

  private lane(partition: number, next: number): PartitionLane {
    const { subscription, reader, delivery, clock } = this.means;
    const { topic } = subscription;
    const lane: PartitionLane = new PartitionLane({
      topic: topic.name,
      partition,
      next,
      from: null,
      clock,
      deliver: (records: RawRecord[], from, context) =>
        delivery.deliver({ topic, partition, records, from }, context),
      stored: () => Promise.resolve(lane.next),
      onHungry: () => reader.feed(lane),
    });
    return lane;
  }
}
