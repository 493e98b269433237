import { type Cancel, type Clock, pause } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import { Cursors } from '../delivery/cursors.ts';
import { failureOf } from '../delivery/failure.ts';
import { BusUnavailable } from '../errors.ts';
import type { Appended, LogRecord } from '../log/append-records.ts';
import { FreshView, KNOWN_FOR_MS } from './fresh-view.ts';
import type { Pending, ProducedRecord } from './producer/produced-record.ts';
import { SpoolTable, type Stretch } from './spool-table.ts';

export interface SpoolOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  /** Records were committed to the log: the relay has work. */
  onCommitted: (appended: Appended[], records: LogRecord[]) => void;
  /** The relay has moved all that was before these: they may go to Kafka directly. */
  onReleased: (records: Pending[]) => void;
}

type Place = Pick<ProducedRecord, 'topic' | 'partition'>;

/** A partition of Kafka whose events take the way through the log. */
interface Detour {
  readonly topic: string;
  /** How many records were not appended yet. */
  waiting: number;
  /** The log's partitions that hold its events, and the offset behind the last of them. */
  readonly ends: Map<number, number>;
  /** While the relay is about to finish: what came meanwhile, and since when it is held. */
  held: { since: number; records: Pending[] } | undefined;
  /** For how long they are held, in ms. */
  patienceMs: number;
}

/** The group whose cursors say how far the relay is. */
const RELAY = 'relay';
const MOST_RECORDS = 500;
const LOOK_EVERY_MS = 250;
/** What the relay moves in a moment: when no more is left, new events are held until it has. */
const ALMOST_DONE = 200;
const LOOK_WHILE_HOLDING_MS = 20;
/** Doubled each time that it was too short, or a slow relay would never find the end. */
const HOLDING_MS = 400;
const MOST_HOLDING_MS = 8 * HOLDING_MS;
/** Timers may go off a little early. */
const ACKNOWLEDGED_AFTER_MS = KNOWN_FOR_MS + 50;

/**
 * The way around Kafka: events it does not confirm in time are committed to the log, from where the relay moves them
 * on. Once an event of a partition went this way, the later ones follow it until the relay has moved them all, so that
 * none overtakes: neither in this process, nor in another in which a customer goes on. That one has seen what was
 * committed here by the time at which it is acknowledged; see {@link FreshView}.
 */
export class Spool {
  private readonly cursors: Cursors;
  private readonly table: SpoolTable;
  private readonly topics = new Set<string>();
  private readonly view: FreshView;
  private readonly acknowledging = new Set<Promise<void>>();
  private readonly detours = new Map<string, Detour>();
  private waiting: { pending: Pending; detour: Detour }[] = [];
  private writing: Promise<void> | undefined;
  private cancelLook: Cancel | undefined;
  private closed = false;

  constructor(private readonly options: SpoolOptions) {
    this.cursors = new Cursors(options.database);
    this.table = new SpoolTable(options.database);
    this.view = new FreshView(options.clock, () => this.see());
  }

  /** Looks out for what lies there of a topic, whoever spooled it. Throws DatabaseError. */
  async watch(topic: string): Promise<void> {
    this.topics.add(topic);
    this.find(await this.table.left([topic]));
    this.lookLater();
  }

  /**
   * Resolves when it is known here what any process acknowledged before the call. When the database does not say so
   * soon, what was known last has to do: an event out of order is better than one that is refused.
   */
  known(): Promise<void> {
    return this.view.fresh();
  }

  /** Whether events of this partition must take this way now. */
  takes({ topic, partition }: Place): boolean {
    return this.detours.has(`${topic} ${partition}`);
  }

  /** Takes the records, in order, and settles them: resolved once they are durable, else rejected. */
  add(records: Pending[]): void {
    for (const pending of records) {
      const detour = this.detourOf(pending.record);
      if (detour.held) detour.held.records.push(pending);
      else this.append(pending, detour);
    }
    this.lookLater();
  }

  /** Ends after all records are appended. What is added later is refused. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelLook?.();
    for (const detour of this.detours.values()) this.stopHolding(detour);
    await this.writing;
    await Promise.all(this.acknowledging);
  }

  private async see(): Promise<void> {
    try {
      this.find(await this.table.left([...this.topics]));
      this.lookLater();
    } catch (error) {
      this.options.log.warn({ err: error }, 'It cannot be seen what others have spooled.');
      throw error;
    }
  }

  private find(left: Stretch[]): void {
    for (const { topic, target, partition, end } of left) {
      const { ends } = this.detourOf({ topic, partition: target });
      ends.set(partition, Math.max(end, ends.get(partition) ?? 0));
    }
  }

  private detourOf({ topic, partition }: Place): Detour {
    const name = `${topic} ${partition}`;
    let detour = this.detours.get(name);
    if (!detour) {
      this.options.log.info({ topic, partition }, 'Events go through the spool.');
      detour = { topic, waiting: 0, ends: new Map(), held: undefined, patienceMs: HOLDING_MS };
      this.detours.set(name, detour);
    }
    return detour;
  }

  private append(pending: Pending, detour: Detour): void {
    detour.waiting += 1;
    this.waiting.push({ pending, detour });
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_RECORDS);
      try {
        await this.commit(batch);
        this.acknowledge(batch);
      } catch (error) {
        const reason = failureOf(error) === 'passing' ? new BusUnavailable(error) : error;
        for (const { pending } of batch) pending.reject(reason);
      }
      for (const { detour } of batch) detour.waiting -= 1;
    }
  }

  private async commit(batch: { pending: Pending; detour: Detour }[]): Promise<void> {
    const records = batch.map(({ pending }) => pending.record);
    const appended = await this.table.append(records);
    for (const { partition, firstOffset, count, ordinals } of appended) {
      for (const ordinal of ordinals) batch[ordinal - 1]!.detour.ends.set(partition, firstOffset + count);
    }
    this.options.onCommitted(appended, records);
  }

  /** Whoever wrote them may go on in another process from then on: by then it has seen them. */
  private acknowledge(batch: { pending: Pending }[]): void {
    const acknowledged = pause(this.options.clock, ACKNOWLEDGED_AFTER_MS).then(() => {
      for (const { pending } of batch) pending.resolve();
      this.acknowledging.delete(acknowledged);
    });
    this.acknowledging.add(acknowledged);
  }

  private lookLater(): void {
    if (this.closed || this.detours.size === 0) return;
    const holding = [...this.detours.values()].some(({ held }) => held);
    this.cancelLook ??= this.options.clock.after(holding ? LOOK_WHILE_HOLDING_MS : LOOK_EVERY_MS, () => {
      this.cancelLook = undefined;
      void this.look().finally(() => this.lookLater());
    });
  }

  private async look(): Promise<void> {
    for (const topic of new Set([...this.detours.values()].map((detour) => detour.topic))) {
      try {
        // In this order: what is seen to be moved is all that anybody had spooled.
        this.find(await this.table.left([topic]));
        const next = await this.cursors.read(RELAY, topic);
        for (const [name, detour] of this.detours) if (detour.topic === topic) this.judge(name, detour, next);
      } catch (error) {
        this.options.log.warn({ err: error, topic }, 'It cannot be seen how far the spool is.');
      }
    }
  }

  /** `next`: what the relay moves next, by partition of the log. */
  private judge(name: string, detour: Detour, next: Map<number, number>): void {
    const { clock, log, onReleased } = this.options;
    const left =
      detour.waiting +
      [...detour.ends].reduce((sum, [at, end]) => sum + end - Math.min(end, next.get(at) ?? 0), 0);
    if (left === 0) {
      this.detours.delete(name);
      log.info(
        { topic: detour.topic },
        'The spool of a partition is empty: its events go to Kafka directly again.',
      );
      onReleased(detour.held?.records ?? []);
    } else if (detour.held && clock.monotonic() - detour.held.since > detour.patienceMs) {
      detour.patienceMs = Math.min(2 * detour.patienceMs, MOST_HOLDING_MS);
      this.stopHolding(detour);
    } else if (left <= ALMOST_DONE) detour.held ??= { since: clock.monotonic(), records: [] };
  }

  private stopHolding(detour: Detour): void {
    const held = detour.held?.records ?? [];
    detour.held = undefined;
    for (const pending of held) this.append(pending, detour);
  }
}
