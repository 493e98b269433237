import type { Cancel, Clock } from '@yixian/contracts';
import type { BatchContext } from '../bus.ts';
import type { Delivered, RawRecord } from '../delivery/raw-record.ts';
import type { Follower } from '../log/log-reader.ts';

export interface LaneOptions {
  topic: string;
  partition: number;
  /** Where to read on. */
  next: number;
  /** Where the stored cursor stands, if any. */
  from: number | null;
  clock: Clock;
  deliver(records: RawRecord[], from: number | null, context: BatchContext): Promise<Delivered>;
  /** Where the stored cursor stands, asked for when it turned out to be elsewhere. */
  stored(): Promise<number | null>;
  /** It can take records again. */
  onHungry(): void;
}

/** With so many records waiting for the handler, no more are taken. */
const ENOUGH = 200;
/** Before the cursor is read again when somebody else moved it, in ms. */
const STALE_PAUSE = 250;

/** The records of one partition on their way to one handler: one batch at a time, in order. */
export class PartitionLane implements Follower {
  readonly topic: string;
  readonly partition: number;
  next: number;
  private from: number | null;
  private waiting: RawRecord[] = [];
  private settled: number;
  private waiters: { offset: number; resolve: () => void }[] = [];
  private running: Promise<void> | undefined;
  private paused = false;
  private cancelPause: Cancel = () => {};
  private readonly abort = new AbortController();
  private readonly context: BatchContext = { signal: this.abort.signal, heartbeat: () => Promise.resolve() };

  constructor(private readonly options: LaneOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.next = this.settled = options.next;
    this.from = options.from;
  }

  get hungry(): boolean {
    return !this.abort.signal.aborted && this.waiting.length < ENOUGH;
  }

  /** Resolves when everything below this offset is settled, or the lane stopped. */
  reached(offset: number): Promise<void> {
    if (this.settled >= offset || this.abort.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ offset, resolve }));
  }

  take(records: RawRecord[]): void {
    this.waiting = this.waiting.length === 0 ? records : this.waiting.concat(records);
    this.next = records.at(-1)!.offset + 1;
    this.go();
  }

  skipTo(head: number): void {
    const fellBack = head < this.next;
    this.next = head;
    // While a batch runs there is no need: it will find that its cursor is stale.
    if (fellBack && !this.running) this.track(this.restart());
  }

  /** Waits for the running batch; what waits is dropped and is read again by whoever owns the partition next. */
  async stop(): Promise<void> {
    this.abort.abort();
    this.cancelPause();
    this.waiting = [];
    await this.running;
    this.tellWaiters(Infinity);
  }

  private go(): void {
    if (this.running || this.paused || this.waiting.length === 0 || this.abort.signal.aborted) return;
    this.track(this.run());
  }

  private track(work: Promise<void>): void {
    this.running = work.finally(() => {
      this.running = undefined;
      this.go();
      if (this.hungry) this.options.onHungry();
    });
  }

  private async run(): Promise<void> {
    const records = this.waiting;
    this.waiting = [];
    const delivered = await this.options.deliver(records, this.from, this.context);
    if (delivered.outcome === 'stale') return this.restart();
    if (delivered.outcome === 'stopped') return;
    this.from = delivered.from;
    this.tellWaiters(delivered.next);
    if (delivered.outcome === 'done') return;
    this.waiting = records.filter(({ offset }) => offset >= delivered.next).concat(this.waiting);
    this.pause(delivered.afterMs);
  }

  private tellWaiters(settled: number): void {
    this.settled = settled;
    for (const { resolve } of this.waiters.filter(({ offset }) => offset <= settled)) resolve();
    this.waiters = this.waiters.filter(({ offset }) => offset > settled);
  }

  private pause(ms: number): void {
    if (this.abort.signal.aborted) return;
    this.paused = true;
    this.cancelPause = this.options.clock.after(ms, () => {
      this.paused = false;
      this.go();
    });
  }

  /** Somebody moved the cursor: goes on from where it stands, if the partition is still ours by then. */
  private async restart(): Promise<void> {
    this.waiting = [];
    const stored = await this.options.stored().catch(() => undefined);
    this.waiting = [];
    if (stored !== undefined) {
      this.from = stored;
      this.next = stored ?? 0;
    }
    this.pause(STALE_PAUSE);
  }
}
