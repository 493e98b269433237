import type { Cancel, Clock } from '@yixian/contracts';
import type { Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import { BusUnavailable } from '../../errors.ts';
import { Lane } from './lane.ts';
import { Leaders } from '../leaders.ts';
import { type BatchLimits, type PartitionBatch, PartitionQueue } from './partition-queue.ts';
import { bytesOf, type Pending, type ProducedRecord, type WeighedPending } from './produced-record.ts';

export interface KafkaProducerOptions {
  /** Makes a client that asks the brokers in an order of its own, and never retries by itself. */
  newClient: () => Kafka;
  clock: Clock;
  log: Logger;
  requestTimeoutMs: number;
  /** How long a record that may be taken back waits for its acknowledgement. */
  patienceMs: number;
  /** Gets what waited too long in one partition, in order, once, instead of Kafka (which may have it all the same). */
  onOverdue: (topic: string, partition: number, overdue: Pending[]) => void;
}

/** Of one partition in one request: below the 1 MiB a broker takes by default. */
const MOST_PER_PARTITION: BatchLimits = { records: 1000, bytes: 900 * 1024 };
const MOST_BYTES_PER_REQUEST = 4 * 1024 * 1024;
/** What may wait in memory. With 1.5 s of patience this is more than a broker takes in that time. */
const MOST_BYTES_WAITING = 64 * 1024 * 1024;
const PAUSE_AFTER_ERROR_MS = 150;
const WATCH_EVERY_MS = 250;
/** A request that takes longer makes us ask whether the leader has moved. */
const SUSPECT_AFTER_MS = 1000;
/**
 * kafkajs connects within 1.5 s and ends a request after `requestTimeoutMs`, but a request whose connection breaks at a
 * bad moment is sometimes never settled: past this on top, we settle it.
 */
const HUNG_AFTER_MS = 5000;

/**
 * Sends records to Kafka so that what is acknowledged is stored: on all in-sync replicas, in order per partition, at
 * least once. It tries for as long as it is open; a broker that is dead or frozen delays its partitions only until
 * they have another leader.
 */
export class KafkaProducer {
  private readonly queues = new Map<string, PartitionQueue>();
  private readonly lanes = new Map<number, Lane>();
  private readonly leaders: Leaders;
  private bytesWaiting = 0;
  private pumpPlanned = false;
  private cancelWatch: Cancel | undefined;
  private closed = false;

  constructor(private readonly options: KafkaProducerOptions) {
    this.leaders = new Leaders(options.newClient, options.log, options.clock);
  }

  /**
   * Resolves once all records are stored. `withdrawable`: they may be handed to `onOverdue` instead, and are settled
   * by whoever gets them there. Rejects with BusUnavailable when too much waits already, the producer is closed, or
   * `signal` aborts: then what was not sent is not, and what is under way may still arrive.
   */
  async send(
    records: ProducedRecord[],
    { withdrawable, signal }: { withdrawable: boolean; signal?: AbortSignal },
  ): Promise<void> {
    if (this.bytesWaiting > MOST_BYTES_WAITING)
      throw new BusUnavailable(new Error('Too many events wait for Kafka.'));
    if (signal?.aborted) throw new BusUnavailable(new Error('Nobody waits for it any more.'));
    const since = this.options.clock.monotonic();
    const sent = new Set(records);
    const settled = records.map(
      (record) =>
        new Promise<void>((resolve, reject) =>
          this.enqueue([{ record, since, withdrawable, resolve, reject }]),
        ),
    );
    const takeBack = (): void => this.takeBack(sent);
    signal?.addEventListener('abort', takeBack, { once: true });
    try {
      await Promise.all(settled);
    } finally {
      signal?.removeEventListener('abort', takeBack);
    }
  }

  /** The same for records whose fate somebody waits for already. */
  enqueue(records: Pending[]): void {
    for (const pending of records) {
      if (this.closed) pending.reject(new BusUnavailable(new Error('The bus is closed.')));
      else this.queueOf(pending.record.topic, pending.record.partition).add(this.weighed(pending));
    }
    this.planPump();
  }

  /** Everything that is not settled yet. */
  waiting(): { count: number; oldestSince: number | undefined } {
    const all = [...this.queues.values()].flatMap((queue) => queue.all());
    const oldest = all.reduce((least, { since }) => Math.min(least, since), Infinity);
    return { count: all.length, oldestSince: all.length > 0 ? oldest : undefined };
  }

  /** Takes back what may be taken back of every partition: `onOverdue` gets it now. */
  withdrawAll(): void {
    for (const queue of this.queues.values()) this.withdraw(queue);
  }

  private takeBack(records: ReadonlySet<ProducedRecord>): void {
    const places = new Map([...records].map((record) => [`${record.topic} ${record.partition}`, record]));
    for (const { topic, partition } of places.values())
      for (const pending of this.queueOf(topic, partition).withdraw(({ record }) => records.has(record)))
        pending.reject(new BusUnavailable(new Error('Nobody waits for it any more.')));
  }

  /** Rejects what is not settled. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelWatch?.();
    const unsettled = [...this.queues.values()].flatMap((queue) => queue.all());
    for (const pending of unsettled) pending.reject(new BusUnavailable(new Error('The bus is closed.')));
    for (const lane of this.lanes.values()) lane.abandon();
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
  }

  private weighed(pending: Pending): WeighedPending {
    const bytes = bytesOf(pending.record);
    this.bytesWaiting += bytes;
    const settle = (then: () => void) => {
      this.bytesWaiting -= bytes;
      then();
    };
    return {
      ...pending,
      bytes,
      resolve: () => settle(pending.resolve),
      reject: (error) => settle(() => pending.reject(error)),
    };
  }

  private queueOf(topic: string, partition: number): PartitionQueue {
    const name = `${topic} ${partition}`;
    let queue = this.queues.get(name);
    if (!queue) this.queues.set(name, (queue = new PartitionQueue(topic, partition)));
    return queue;
  }

  // After this turn of the event loop, so that all it publishes goes in one request; that waits for no timer.
  private planPump(): void {
    if (this.pumpPlanned || this.closed) return;
    this.pumpPlanned = true;
    setImmediate(() => {
      this.pumpPlanned = false;
      this.pump();
    });
  }

  private pump(): void {
    const byLane = new Map<Lane, PartitionQueue[]>();
    const leaderless = new Set<string>();
    for (const queue of this.queues.values()) {
      if (!queue.ready) continue;
      const lane = this.laneOf(queue);
      if (!lane) leaderless.add(queue.topic);
      else if (lane.busySince === undefined) byLane.set(lane, [...(byLane.get(lane) ?? []), queue]);
    }
    for (const [lane, queues] of byLane) void this.fly(lane, takeFrom(queues));
    if (leaderless.size > 0) void this.findLeaders(leaderless);
    if (byLane.size > 0 || leaderless.size > 0) this.watch();
  }

  private laneOf({ topic, partition }: PartitionQueue): Lane | undefined {
    const leader = this.leaders.of(topic, partition);
    if (leader === undefined) return undefined;
    let lane = this.lanes.get(leader);
    if (!lane) {
      lane = new Lane(leader, this.options.newClient, this.options.requestTimeoutMs);
      this.lanes.set(leader, lane);
    }
    return lane;
  }

  private async fly(lane: Lane, batches: PartitionBatch[]): Promise<void> {
    lane.busySince = this.options.clock.monotonic();
    try {
      const stored = await lane.send(batches);
      for (const batch of stored) for (const pending of batch.queue.finish(batch)) pending.resolve();
      const unnamed = batches.filter((batch) => !stored.has(batch));
      if (unnamed.length > 0)
        await this.tryAgain(unnamed, new Error('The answer does not name the partition.'));
    } catch (error) {
      await this.tryAgain(batches, error);
    }
    lane.busySince = undefined;
    this.planPump();
  }

  private async tryAgain(batches: PartitionBatch[], error: unknown): Promise<void> {
    if (this.closed) return;
    this.options.log.warn(
      { err: error, partitions: batches.length },
      'Kafka did not acknowledge; trying again.',
    );
    for (const batch of batches) batch.queue.giveBack(batch);
    await this.leaders.learn(batches.map(({ queue }) => queue.topic));
    await this.pause();
  }

  private async findLeaders(topics: Set<string>): Promise<void> {
    await this.leaders.learn(topics);
    const found = [...this.queues.values()].some(
      (queue) => queue.ready && topics.has(queue.topic) && this.laneOf(queue),
    );
    if (!found) await this.pause();
    this.planPump();
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => void this.options.clock.after(PAUSE_AFTER_ERROR_MS, resolve));
  }

  private watch(): void {
    this.cancelWatch ??= this.options.clock.after(WATCH_EVERY_MS, () => {
      this.cancelWatch = undefined;
      if (this.closed) return;
      this.withdrawOverdue();
      this.abandonHung();
      void this.abandonMoved();
      if (this.bytesWaiting > 0) this.watch();
    });
  }

  private withdrawOverdue(): void {
    const limit = this.options.clock.monotonic() - this.options.patienceMs;
    for (const queue of this.queues.values()) {
      if ((queue.oldestWithdrawable() ?? Infinity) <= limit) this.withdraw(queue);
    }
  }

  private withdraw(queue: PartitionQueue): void {
    const overdue = queue.withdraw();
    if (overdue.length > 0) this.options.onOverdue(queue.topic, queue.partition, overdue);
  }

  /** A frozen broker answers nothing, not even that it leads no more: the others know. */
  private async abandonMoved(): Promise<void> {
    const limit = this.options.clock.monotonic() - SUSPECT_AFTER_MS;
    const suspects = [...this.lanes.values()].filter(({ busySince }) => (busySince ?? Infinity) <= limit);
    if (suspects.length === 0) return;
    await this.leaders.learn([]);
    for (const lane of suspects) if (!this.leads(lane)) lane.abandon();
  }

  private abandonHung(): void {
    const limit = this.options.clock.monotonic() - this.options.requestTimeoutMs - HUNG_AFTER_MS;
    for (const lane of this.lanes.values())
      if ((lane.busySince ?? Infinity) <= limit)
        lane.abandon(`Broker ${lane.leader} was never heard of again.`);
  }

  private leads({ leader }: Lane): boolean {
    return [...this.queues.values()].some(
      ({ topic, partition }) => this.leaders.of(topic, partition) === leader,
    );
  }
}

function takeFrom(queues: PartitionQueue[]): PartitionBatch[] {
  const batches: PartitionBatch[] = [];
  let bytes = 0;
  for (const queue of queues) {
    if (bytes > MOST_BYTES_PER_REQUEST) break;
    const batch = queue.take(MOST_PER_PARTITION);
    bytes += batch.pending.reduce((sum, pending) => sum + pending.bytes, 0);
    batches.push(batch);
  }
  return batches;
}
