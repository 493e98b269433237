import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { Batch, BatchContext, BusEvent, Subscription } from '../bus.ts';
import { decodeRecord } from '../event-codec.ts';
import { callHandler } from './call-handler.ts';
import type { Cursors } from './cursors.ts';
import { buryRecord } from './dead-letters.ts';
import { describe, failureOf } from './failure.ts';
import type { Patience } from './patience.ts';
import type { Delivered, RawBatch, RawRecord } from './raw-record.ts';

export interface RunMeans {
  subscription: Subscription;
  cursors: Cursors;
  patience: Patience;
  database: Database;
  log: Logger;
}

/** A stretch of records to settle together: events for the handler, or one record that is none. */
type Stretch = { events: BusEvent[]; records: RawRecord[] } | { poison: string; record: RawRecord };

const DEFAULT_MAX_BATCH = 200;

/** An abort was seen between two batches. */
const stopped = Symbol('stopped');

/** One delivery: goes through the records in order, and knows at every step what is settled. */
export class PartitionRun {
  private readonly group: string | undefined;
  private from: number | null;
  private next: number;

  constructor(
    private readonly means: RunMeans,
    private readonly raw: RawBatch,
    private readonly context: BatchContext,
  ) {
    const { delivery } = means.subscription;
    this.group = typeof delivery === 'string' ? undefined : delivery.group;
    this.from = raw.from;
    this.next = raw.records[0]?.offset ?? raw.from ?? 0;
  }

  async deliver(): Promise<Delivered> {
    try {
      for (const stretch of this.stretches()) {
        if ('poison' in stretch) await this.bury(stretch.record, stretch.poison, 0);
        else await this.settle(stretch.events, stretch.records);
      }
      const last = this.raw.records.at(-1);
      if (last && last.offset >= this.next) await this.settled(last.offset + 1, 'bus');
      return { outcome: 'done', next: this.next, from: this.from };
    } catch (thrown) {
      return this.answer(thrown);
    }
  }

  /** Decoded as they are needed, so that a long read is not held twice. */
  private *stretches(): Generator<Stretch> {
    const most = this.means.subscription.maxBatch ?? DEFAULT_MAX_BATCH;
    let events: BusEvent[] = [];
    let records: RawRecord[] = [];
    for (const record of this.raw.records) {
      const decoded = decodeRecord(this.raw.topic, record);
      if ('event' in decoded) {
        events.push(decoded.event);
        records.push(record);
      }
      const poison = 'poison' in decoded ? decoded.poison : undefined;
      if (events.length > 0 && (poison !== undefined || events.length === most)) {
        yield { events, records };
        events = [];
        records = [];
      }
      if (poison !== undefined) yield { poison, record };
    }
    if (events.length > 0) yield { events, records };
  }

  private async settle(events: BusEvent[], records: RawRecord[]): Promise<void> {
    if (this.context.signal.aborted) throw stopped;
    const { patience } = this.means;
    const to = records.at(-1)!.offset + 1;
    try {
      await callHandler(this.means.subscription.handler, this.batchOf(events, to), this.context);
    } catch (thrown) {
      if (this.context.signal.aborted || failureOf(thrown) !== 'lasting') throw thrown;
      const afterMs = patience.failed('lasting');
      if (!patience.exhausted(records[0]!.offset)) throw new NotYet(thrown, afterMs);
      return this.isolate(events, records, thrown);
    }
    await this.settled(to, this.means.subscription.cursor);
    patience.succeeded(to);
  }

  /** The batch failed as a whole for no passing reason: looks for the event that does it. */
  private async isolate(events: BusEvent[], records: RawRecord[], thrown: unknown): Promise<void> {
    const { patience } = this.means;
    if (events.length === 1) return this.bury(records[0]!, describe(thrown), patience.attempts);
    patience.isolate(records.at(-1)!.offset + 1);
    const half = Math.ceil(events.length / 2);
    await this.settle(events.slice(0, half), records.slice(0, half));
    await this.settle(events.slice(half), records.slice(half));
  }

  private async settled(to: number, cursor: Subscription['cursor']): Promise<void> {
    if (this.group !== undefined && cursor !== 'handler') {
      await this.means.cursors.advanceSoon(this.moveTo(to));
    }
    this.from = to;
    this.next = to;
  }

  private async bury(record: RawRecord, error: string, attempts: number): Promise<void> {
    if (this.context.signal.aborted) throw stopped;
    const { database, cursors, log, patience } = this.means;
    const { topic, partition } = this.batchOf([], 0);
    const group = this.group ?? String(this.means.subscription.delivery);
    await database.transaction(async (tx) => {
      await buryRecord(tx, { topic, partition, group, record, error, attempts });
      if (this.group !== undefined) await cursors.advance(tx, this.moveTo(record.offset + 1));
    });
    log.error(
      { topic, partition, offset: record.offset, group, error },
      'An event was set aside as a dead letter.',
    );
    patience.buried();
    this.from = this.next = record.offset + 1;
  }

  private batchOf(events: BusEvent[], to: number): Batch {
    const { topic, partition } = this.raw;
    return { topic: topic.name, partition, events, cursor: this.moveTo(to) };
  }

  private moveTo(to: number): Batch['cursor'] {
    const { topic, partition } = this.raw;
    return { group: this.group ?? '', topic: topic.name, partition, from: this.from, to };
  }

  private answer(thrown: unknown): Delivered {
    if (this.context.signal.aborted) return { outcome: 'stopped' };
    const failure = failureOf(thrown);
    if (failure === 'stale') return { outcome: 'stale' };
    const afterMs = thrown instanceof NotYet ? thrown.afterMs : this.means.patience.failed(failure);
    const error = describe(thrown instanceof NotYet ? thrown.cause : thrown);
    const { topic, partition } = this.raw;
    this.means.log.warn(
      { topic: topic.name, partition, offset: this.next, afterMs, error },
      'A batch failed; it comes again.',
    );
    return { outcome: 'retry', afterMs, next: this.next, from: this.from };
  }
}

/** A failure that may be lasting, while there is patience left. */
class NotYet extends Error {
  override readonly name = 'NotYet';
  constructor(
    cause: unknown,
    readonly afterMs: number,
  ) {
    super('The batch may still succeed.', { cause });
  }
}
