import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { BatchContext, Subscription } from '../bus.ts';
import { Cursors } from './cursors.ts';
import { PartitionRun } from './partition-run.ts';
import { Patience } from './patience.ts';
import type { Delivered, RawBatch } from './raw-record.ts';

export type { Delivered, RawBatch, RawRecord } from './raw-record.ts';

export interface DeliveryMeans {
  database: Database;
  log: Logger;
}

/** Brings the records of one subscription to its handler, as the contract of the bus says, whatever the bus is. */
export class BatchDelivery {
  private readonly cursors: Cursors;
  /** What is known of each partition's recent failures. */
  private readonly patience = new Map<number, Patience>();

  constructor(
    private readonly subscription: Subscription,
    private readonly means: DeliveryMeans,
  ) {
    this.cursors = new Cursors(means.database);
  }

  /**
   * One call at a time per partition. Never waits between attempts and never rejects: what to do next is in the
   * answer.
   */
  deliver(raw: RawBatch, context: BatchContext): Promise<Delivered> {
    const patience = this.patience.get(raw.partition) ?? new Patience();
    this.patience.set(raw.partition, patience);
    const { subscription, cursors, means } = this;
    return new PartitionRun({ subscription, cursors, patience, ...means }, raw, context).deliver();
  }

  /** Forgets the failures of a partition that was given up. */
  forget(partition: number): void {
    this.patience.delete(partition);
  }
}

/** The group of a subscription, or the word that stands for it where there is none. */
export function groupOf({ delivery }: Subscription): string {
  return typeof delivery === 'string' ? delivery : delivery.group;
}
