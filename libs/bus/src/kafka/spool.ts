import type { Cancel, Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import { failureOf } from '../delivery/failure.ts';
import { BusUnavailable } from '../errors.ts';
import { type Appended, appendRecords, type LogRecord } from '../log/append-records.ts';
import type { Pending, ProducedRecord } from './producer/produced-record.ts';

export interface SpoolOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  /** Records were committed to the log: the relay has work. */
  onCommitted: (appended: Appended[], records: LogRecord[]) => void;
  /** How far the relay has moved the log of a topic to Kafka: the next offset, by partition of the log. */
  moved: (topic: string) => Promise<Map<number, number>>;
}

/** A partition of Kafka whose events take the way through the log. */
interface Detour {
  topic: string;
  /** What still waits to be appended. */
  waiting: number;
  /** The log's partitions that hold its events, and the offset behind the last of them. */
  ends: Map<number, number>;
}

const MOST_RECORDS = 500;
const LOOK_EVERY_MS = 250;

/**
 * The way around Kafka: events it does not confirm in time are committed to the log, from where the relay moves them
 * on. Once an event of a partition went this way, the later ones follow it until the relay has moved them all, so that
 * none overtakes.
 */
export class Spool {
  private readonly detours = new Map<string, Detour>();
  private waiting: { pending: Pending; detour: Detour }[] = [];
  private writing: Promise<void> | undefined;
  private cancelLook: Cancel | undefined;
  private closed = false;

  constructor(private readonly options: SpoolOptions) {}

  /** Whether events of this partition must take this way now. */
  takes({ topic, partition }: ProducedRecord): boolean {
    return this.detours.has(`${topic} ${partition}`);
  }

  /** Appends the records in order and settles them: resolved once committed, else rejected with BusUnavailable. */
  add(records: Pending[]): void {
    if (records.length === 0) return;
    for (const pending of records) {
      const detour = this.detourOf(pending.record);
      detour.waiting += 1;
      this.waiting.push({ pending, detour });
    }
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
    this.lookLater();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelLook?.();
    await this.writing;
  }

  private detourOf({ topic, partition }: ProducedRecord): Detour {
    const name = `${topic} ${partition}`;
    let detour = this.detours.get(name);
    if (!detour) {
      this.options.log.warn({ topic, partition }, 'Kafka is slow: events go through the spool.');
      this.detours.set(name, (detour = { topic, waiting: 0, ends: new Map() }));
    }
    return detour;
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_RECORDS);
      try {
        await this.append(batch);
        for (const { pending } of batch) pending.resolve();
      } catch (error) {
        const reason = failureOf(error) === 'passing' ? new BusUnavailable(error) : error;
        for (const { pending } of batch) pending.reject(reason);
      }
      for (const { detour } of batch) detour.waiting -= 1;
    }
  }

  private async append(batch: { pending: Pending; detour: Detour }[]): Promise<void> {
    const records = batch.map(({ pending }) => pending.record);
    const appended = await appendRecords(this.options.database, records);
    for (const { partition, firstOffset, count, ordinals } of appended) {
      for (const ordinal of ordinals) batch[ordinal - 1]!.detour.ends.set(partition, firstOffset + count);
    }
    this.options.onCommitted(appended, records);
  }

  private lookLater(): void {
    if (this.closed) return;
    this.cancelLook ??= this.options.clock.after(LOOK_EVERY_MS, () => {
      this.cancelLook = undefined;
      void this.look();
    });
  }

  /** Ends the detours whose events have all been moved. */
  private async look(): Promise<void> {
    const { log, moved } = this.options;
    for (const topic of new Set([...this.detours.values()].map((detour) => detour.topic))) {
      try {
        const next = await moved(topic);
        for (const [name, detour] of this.detours) {
          if (detour.topic !== topic || detour.waiting > 0 || !isPast(next, detour.ends)) continue;
          this.detours.delete(name);
          log.info({ topic }, 'The spool of a partition is empty: its events go to Kafka directly again.');
        }
      } catch (error) {
        log.warn({ err: error, topic }, 'It cannot be seen how far the spool is.');
      }
    }
    if (this.detours.size > 0) this.lookLater();
  }
}

const isPast = (next: Map<number, number>, ends: Map<number, number>): boolean =>
  [...ends].every(([partition, end]) => (next.get(partition) ?? 0) >= end);
