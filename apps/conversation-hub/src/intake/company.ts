import type { Batch } from '@yixian/bus';
import type { InboundEvent } from '@yixian/contracts';

type Inbound = Batch<InboundEvent>;

interface Call {
  batch: Inbound;
  resolve(): void;
  reject(error: unknown): void;
}

/** A company takes no more batches after this many events. */
const MOST_EVENTS = 500;

/**
 * Does what a company asks for, all or none. `patient`: may wait long for what others hold; else it gives up soon.
 * Batches are of different partitions.
 */
export type Work = (batches: Inbound[], how: { patient: boolean }) => Promise<void>;

/**
 * Lets the batches of many partitions go in company: what comes while the last company is under way makes up the next,
 * so that the more there is to do, the less each message costs. When a company fails, each batch is tried by itself, and
 * one that fails then goes by itself until it succeeds: nobody suffers twice for what another brought.
 */
export class Company {
  private waiting: Call[] = [];
  private running = false;
  /** Partitions whose last batch failed. */
  private readonly suspects = new Set<number>();

  constructor(private readonly work: Work) {}

  /** One call at a time for a partition. Resolves when the batch took effect; rejects with why it alone could not. */
  take(batch: Inbound): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = { batch, resolve, reject };
      if (this.suspects.has(batch.partition)) return void this.alone(call);
      this.waiting.push(call);
      if (this.running) return;
      this.running = true;
      // What this turn of the event loop still brings goes along.
      queueMicrotask(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) await this.together(this.nextCalls());
    this.running = false;
  }

  private nextCalls(): Call[] {
    let events = 0;
    const end = this.waiting.findIndex(({ batch }) => (events += batch.events.length) > MOST_EVENTS);
    return this.waiting.splice(0, end === -1 ? this.waiting.length : Math.max(1, end));
  }

  private async together(calls: Call[]): Promise<void> {
    try {
      await this.work(
        calls.map(({ batch }) => batch),
        { patient: false },
      );
      for (const { resolve } of calls) resolve();
    } catch (error) {
      if (isAway(error)) return this.rejectAll(calls, error);
      // Not waited for: what one of them has to wait for is not the next company's business.
      for (const call of calls) void this.alone(call);
    }
  }

  /** Nobody can be served: those who wait are told at once, and come again when they think fit. */
  private rejectAll(calls: Call[], error: unknown): void {
    for (const { reject } of [...calls, ...this.waiting.splice(0)]) reject(error);
  }

  private async alone({ batch, resolve, reject }: Call): Promise<void> {
    try {
      await this.work([batch], { patient: true });
      this.suspects.delete(batch.partition);
      resolve();
    } catch (error) {
      this.suspects.add(batch.partition);
      reject(error);
    }
  }
}

/** SQLSTATE classes of a connection that failed and of a server that shuts down or starts. */
const isAway = (error: unknown): boolean => /^(08|57P)/.test((error as { code?: string }).code ?? '');
