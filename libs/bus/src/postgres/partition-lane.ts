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
  /** A delivery has taken longer than any should. */
  onHung?(): void;
}

/** With so many records waiting for the handler, no more are taken. */
const ENOUGH = 200;
/** Before the cursor is read again when somebody else moved it, in ms. */
const STALE_PAUSE = 250;
/** A statement is given up after 40 s; what takes longer than this will never end, in ms. */
export const HANGS_AFTER = 60_000;

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
  /** It is not known where the cursor stands. */
  private adrift = false;
  private cancelPause: Cancel = () => {};
  private readonly abort = new AbortController();
  private readonly context: BatchContext = { signal: this.abort.signal, heartbeat: () => Promise.resolve() };

  private leave!: () => void;
  /** Resolves when nobody waits for the running batch any more. */
  private readonly abandoned = new Promise<void>((resolve) => {
    this.leave = resolve;
  });

  constructor(private readonly options: LaneOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.next = this.settled = options.next;
    this.from = options.from;
  }

  get hungry(): boolean {
    return !this.abort.signal.aborted && !this.adrift && this.waiting.length < ENOUGH;
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

  /** Takes nothing more until {@link verify}. */
  suspend(): void {
    this.adrift = true;
  }

  /** The stored cursor may have been taken back by a crash of the server: goes on from where it stands now. */
  verify(): void {
    this.adrift = true;
    this.go();
  }

  /** Waits for the running batch; what waits is dropped and is read again by whoever owns the partition next. */
  async stop(): Promise<void> {
    this.abort.abort();
    this.cancelPause();
    this.waiting = [];
    await Promise.race([this.running, this.abandoned]);
    this.tellWaiters(Infinity);
  }

  /** Does not wait for the running batch: its effect, should it ever come, will find that the cursor has moved. */
  abandon(): void {
    this.abort.abort();
    this.leave();
  }

  private go(): void {
    if (this.running || this.paused || this.abort.signal.aborted) return;
    if (this.adrift) this.track(this.restart());
    else if (this.waiting.length > 0) this.track(this.run());
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
    const delivered = await this.deliver(records);
    if (delivered.outcome === 'stale') return this.restart();
    if (delivered.outcome === 'stopped') return;
    this.from = delivered.from;
    this.tellWaiters(delivered.next);
    if (delivered.outcome === 'done') return;
    this.waiting = records.filter(({ offset }) => offset >= delivered.next).concat(this.waiting);
    this.pause(delivered.afterMs);
  }

  private async deliver(records: RawRecord[]): Promise<Delivered> {
    const { clock, onHung, deliver } = this.options;
    const cancel = clock.after(HANGS_AFTER, () => onHung?.());
    try {
      return await deliver(records, this.from, this.context);
    } finally {
      cancel();
    }
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
    this.adrift = true;
    const stored = await this.options.stored().catch(() => undefined);
    this.waiting = [];
    if (stored !== undefined) {
      this.adrift = false;
      this.from = stored;
      this.next = stored ?? 0;
    }
    this.pause(STALE_PAUSE);
  }
}
