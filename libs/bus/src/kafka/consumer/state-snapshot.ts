import type { BatchContext } from '../../bus.ts';
import type { Delivered, RawBatch, RawRecord } from '../../delivery/raw-record.ts';
import type { Watermarks } from './watermarks.ts';

type Deliver = (raw: RawBatch, context: BatchContext) => Promise<Delivered>;

/**
 * The beginning of a `state` subscription: what lies in the topic when it starts is read to its end first, and of each
 * key only the newest record is handed on. After that, records go through as they come.
 */
export class StateSnapshot {
  /** Partitions that are still read to their end. */
  private readonly missing = new Map<number, { high: number; newest: Map<string, RawRecord> }>();

  /** `ends`: what each partition held at the start. */
  constructor(
    ends: Map<number, Watermarks>,
    private readonly handOn: Deliver,
    private readonly onComplete: () => void,
  ) {
    for (const [partition, { low, high }] of ends) {
      if (high > low) this.missing.set(partition, { high, newest: new Map() });
    }
  }

  get complete(): boolean {
    return this.missing.size === 0;
  }

  /** Takes the place of the delivery it was made with. */
  async deliver(raw: RawBatch, context: BatchContext): Promise<Delivered> {
    const reading = this.missing.get(raw.partition);
    if (!reading) return this.handOn(raw, context);
    for (const record of raw.records) reading.newest.set(record.key, record);
    const next = raw.records.at(-1)!.offset + 1;
    if (next < reading.high) return { outcome: 'done', next, from: null };
    return this.finish(raw, [...reading.newest.values()], context);
  }

  private async finish(raw: RawBatch, newest: RawRecord[], context: BatchContext): Promise<Delivered> {
    const records = newest.toSorted((a, b) => a.offset - b.offset);
    const delivered = await this.handOn({ ...raw, records }, context);
    if (delivered.outcome === 'done') {
      this.missing.delete(raw.partition);
      if (this.complete) this.onComplete();
    }
    // The last batch comes again, and with it the whole snapshot: a handler of state may get a state twice.
    return delivered.outcome === 'retry' ? { ...delivered, next: raw.records[0]!.offset } : delivered;
  }
}
