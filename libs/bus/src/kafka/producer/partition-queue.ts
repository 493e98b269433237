import type { WeighedPending } from './produced-record.ts';

/** Records of one partition that are sent together. */
export interface PartitionBatch {
  readonly queue: PartitionQueue;
  /** In order. Those taken back meanwhile are missing. */
  pending: WeighedPending[];
}

export interface BatchLimits {
  records: number;
  bytes: number;
}

/**
 * What one partition has to send, in order. At most one batch of it is under way at any time: that keeps the order
 * through every retry.
 */
export class PartitionQueue {
  private waiting: WeighedPending[] = [];
  private underWay: PartitionBatch | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  /** Whether a batch may be taken now. */
  get ready(): boolean {
    return !this.underWay && this.waiting.length > 0;
  }

  add(pending: WeighedPending): void {
    this.waiting.push(pending);
  }

  /** The next batch, which is then under way. At least one record, however large. */
  take(most: BatchLimits): PartitionBatch {
    let count = 0;
    let bytes = 0;
    for (const pending of this.waiting) {
      bytes += pending.bytes;
      if (count >= most.records || (count > 0 && bytes > most.bytes)) break;
      count += 1;
    }
    this.underWay = { queue: this, pending: this.waiting.splice(0, count) };
    return this.underWay;
  }

  /** The batch has met its fate, stored or refused. Gives the records that still wait for it. */
  finish(batch: PartitionBatch): WeighedPending[] {
    if (batch !== this.underWay) return [];
    this.underWay = undefined;
    return batch.pending;
  }

  /** The fate of the batch is unknown: it goes first again. */
  giveBack(batch: PartitionBatch): void {
    if (batch !== this.underWay) return;
    this.underWay = undefined;
    this.waiting.unshift(...batch.pending);
  }

  /** Takes back what may be taken back, or is `wanted`. What is under way may still arrive: then it is there twice. */
  withdraw(
    wanted: (pending: WeighedPending) => boolean = ({ withdrawable }) => withdrawable,
  ): WeighedPending[] {
    const withdrawn = this.all().filter(wanted);
    const staying = (list: WeighedPending[]) => list.filter((pending) => !wanted(pending));
    if (this.underWay) this.underWay.pending = staying(this.underWay.pending);
    this.waiting = staying(this.waiting);
    return withdrawn;
  }

  /** Since when the oldest record that may be taken back has been here. */
  oldestWithdrawable(): number | undefined {
    return this.all().find((pending) => pending.withdrawable)?.since;
  }

  /** Everything that is not settled, in order. */
  all(): WeighedPending[] {
    return [...(this.underWay?.pending ?? []), ...this.waiting];
  }
}
