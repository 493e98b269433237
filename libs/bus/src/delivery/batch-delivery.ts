import type { Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { BatchContext, Subscription } from '../bus.ts';
import type { Delivered, RawBatch } from './raw-record.ts';

export type { Delivered, RawBatch, RawRecord } from './raw-record.ts';

export interface DeliveryMeans {
  database: Database;
  clock: Clock;
  log: Logger;
}

/** Brings the records of one subscription to its handler, as the contract of the bus says. */
export interface BatchDelivery {
  /** Never waits between attempts and never rejects: what comes next is in the answer. */
  deliver(raw: RawBatch, context: BatchContext): Promise<Delivered>;
}

export type MakeBatchDelivery = (subscription: Subscription, means: DeliveryMeans) => BatchDelivery;
