import type { Cancel, Clock, TopicSpec } from '@yixian/contracts';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import type { BatchContext } from '../../bus.ts';
import type { Delivered, RawBatch, RawRecord } from '../../delivery/raw-record.ts';
import { Leaders } from '../leaders.ts';
import { Assignment } from './assignment.ts';
import { watchFetches } from './fetch-waits.ts';
import { joinPatience, REBALANCE_TIMEOUT_MS, SESSION_TIMEOUT_MS } from './join-patience.ts';
import type { Membership } from './membership.ts';
import type { Positions } from './positions.ts';
import { Vigil } from './vigil.ts';

export interface GroupMemberOptions {
  newClient: () => Kafka;
  groupId: string;
  /** The group is this process's own: nobody waits for it to hand anything over, and its handlers seldom fail. */
  alone: boolean;
  membership: Membership;
  /** How long ago, in ms, this process could last read in the group; 0: it never tried, or could just now. */
  outMs: number;
  topic: TopicSpec;
  positions: Positions;
  deliver(raw: RawBatch, context: BatchContext): Promise<Delivered>;
  /** The partitions are in hand and their places known. Called after every join. */
  onPositioned(): void;
  clock: Clock;
  log: Logger;
}

interface Pace {
  /** Others wait for a member to hear by it that the group is to be divided anew. */
  heartbeatMs: number;
  /** How long brokers wait for something new before they answer that there is nothing. */
  fetchMs: number;
}

/** Each consumer asks three brokers all the time: most of what an idle process costs. */
const PACE: Pace = { heartbeatMs: 2_000, fetchMs: 2_000 };
const PACE_ALONE: Pace = { heartbeatMs: 3_000, fetchMs: 5_000 };
const FETCH_BYTES_PER_PARTITION = 512 * 1024;
const MOST_PARTITIONS_AT_ONCE = 8;
const RETRIES = 2;
const WATCH_EVERY_MS = 500;
const REPORT_OFFSETS_MS = 2_000;
const RELOAD_MS = 500;
const LEAVE_MS = 3_000;
const CUT_AGAIN_MS = 100;

/** One member of a consumer group, from its join until it fails or is stopped. */
export class GroupMember {
  private readonly consumer: Consumer;
  private readonly pace: Pace;
  private assignment = new Assignment();
  private readonly vigil: Vigil;
  private stopping = false;
  private reportOffsets: (() => void) | undefined;
  private readonly cancels = new Set<Cancel>();
  private end!: (error: unknown) => void;
  /** Resolves, when the member has failed, to why. */
  readonly ended = new Promise<{ error: unknown }>((resolve) => {
    this.end = (error) => resolve({ error });
  });

  constructor(private readonly options: GroupMemberOptions) {
    const { newClient, membership, clock, log, topic } = options;
    this.pace = options.alone ? PACE_ALONE : PACE;
    watchFetches();
    this.consumer = newClient().consumer({
      groupId: options.groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: this.pace.heartbeatMs,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: this.pace.fetchMs,
      minBytes: 1,
      maxBytesPerPartition: FETCH_BYTES_PER_PARTITION,
      allowAutoTopicCreation: false,
      partitionAssigners: [membership.assigner],
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        retries: RETRIES,
        // Our own restart begins with fresh metadata from another broker.
        restartOnFailure: async () => false,
      },
    });
    this.vigil = new Vigil({
      consumer: this.consumer,
      topic: topic.name,
      leaders: new Leaders(newClient, log),
      clock,
      ...this.pace,
      joinMs: joinPatience({ isReturn: membership.known, outMs: options.outMs }),
      busy: () => this.assignment.busy,
    });
  }

  /** Joins. What fails from here on, at once or later, is told by {@link ended}. */
  async start(): Promise<void> {
    this.listen();
    this.watch();
    const { topic } = this.options;
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics: [topic.name], fromBeginning: true });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: Math.min(MOST_PARTITIONS_AT_ONCE, topic.partitions),
        eachBatch: (payload) => this.eachBatch(payload),
      });
    } catch (error) {
      this.end(error);
    }
  }

  /** Ends the running deliveries and closes. The place in the group stays for the next member, unless `leave`. */
  async stop({ leave }: { leave: boolean }): Promise<void> {
    const { membership, clock } = this.options;
    this.stopping = true;
    for (const cancel of this.cancels) cancel();
    this.assignment.abort();
    if (leave) membership.giveUp();
    else membership.handOn();
    const closed = this.consumer.disconnect().catch(() => undefined);
    this.cutFetchesUntil(closed);
    await this.assignment.settled();
    // A frozen broker answers no goodbye.
    if (leave)
      await Promise.race([closed, new Promise<void>((resolve) => void clock.after(LEAVE_MS, resolve))]);
  }

  /** One that was just about to begin is cut short a little later. */
  private cutFetchesUntil(closed: Promise<void>): void {
    const { membership, clock } = this.options;
    const last = clock.monotonic() + LEAVE_MS;
    let cancel: Cancel = () => undefined;
    const cut = (): void => {
      membership.cutFetchesShort();
      if (clock.monotonic() < last) cancel = clock.after(CUT_AGAIN_MS, cut);
    };
    cut();
    void closed.then(() => cancel());
  }

  /** Goes on from where the cursors stand now, once what is being delivered is done. */
  reposition(): void {
    const { held } = this.assignment;
    if (this.stopping || held.length === 0) return;
    this.consumer.pause([{ topic: this.options.topic.name, partitions: held }]);
    void this.position(this.assignment, held);
  }

  private listen(): void {
    const { consumer } = this;
    const { CRASH, GROUP_JOIN } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) =>
      this.joined(payload.memberAssignment[this.options.topic.name] ?? []),
    );
    consumer.on(CRASH, ({ payload }) => this.end(payload.error));
  }

  private watch(): void {
    this.later(WATCH_EVERY_MS, async () => {
      const lost = await this.vigil.look();
      if (lost) return this.end(new Error(lost));
      // kafkajs does so only between two fetches.
      if (!this.assignment.busy) void this.options.membership.beat(this.pace.heartbeatMs);
      this.watch();
    });
  }

  // Called before the first fetch of a generation: paused partitions are not fetched until their places are known.
  private joined(partitions: number[]): void {
    if (this.stopping) return;
    this.assignment = this.assignment.followedBy(partitions);
    this.consumer.pause([{ topic: this.options.topic.name, partitions }]);
    void this.position(this.assignment, partitions);
  }

  private async position(assignment: Assignment, partitions: number[]): Promise<void> {
    if (this.stopping || assignment !== this.assignment) return;
    try {
      await assignment.settled(partitions);
      const places = await this.options.positions.load(partitions);
      if (this.stopping || assignment !== this.assignment) return;
      for (const [partition, place] of places) this.goOn(assignment, partition, place);
      this.options.membership.cutFetchesShort();
      this.options.onPositioned();
    } catch (error) {
      this.options.log.warn(
        { err: error, topic: this.options.topic.name },
        'The cursors cannot be read now.',
      );
      this.later(RELOAD_MS, () => void this.position(assignment, partitions));
    }
  }

  private goOn(assignment: Assignment, partition: number, place: number | null): void {
    const topic = this.options.topic.name;
    assignment.stands(partition, place);
    this.consumer.seek({ topic, partition, offset: String(place ?? 0) });
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  /** Must not throw: kafkajs would take it for a failure of its own. */
  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { assignment } = this;
    const { partition } = batch;
    if (this.stopping || payload.isStale() || !assignment.knows(partition)) return;
    const records = batch.messages.map(rawRecord);
    const signal = assignment.begin(partition);
    try {
      const from = assignment.cursor(partition);
      const heartbeat = () => payload.heartbeat().catch(() => undefined); // The next heartbeat of kafkajs says so, too.
      const raw = { topic: this.options.topic, partition, records, from };
      const delivered = await this.options.deliver(raw, { signal, heartbeat });
      this.goBy(delivered, records, assignment, payload);
    } finally {
      assignment.finish(partition);
    }
  }

  private goBy(
    delivered: Delivered,
    records: RawRecord[],
    assignment: Assignment,
    payload: EachBatchPayload,
  ): void {
    const { partition } = payload.batch;
    const { outcome } = delivered;
    if (outcome === 'stopped') return;
    const began = records[0]!.offset;
    if (outcome !== 'stale' && delivered.next > began)
      this.options.positions.moved(partition, delivered.next);
    if (assignment !== this.assignment || this.stopping) return;
    if (outcome === 'stale') return this.reload(assignment, partition);
    assignment.stands(partition, delivered.from);
    if (delivered.next > began) {
      payload.resolveOffset(String(delivered.next - 1));
      this.report(payload);
    }
    if (outcome === 'retry') this.wait(assignment, partition, delivered.afterMs);
  }

  /** The group's cursor is elsewhere: another member had the partition meanwhile. */
  private reload(assignment: Assignment, partition: number): void {
    this.consumer.pause([{ topic: this.options.topic.name, partitions: [partition] }]);
    void this.position(assignment, [partition]);
  }

  private wait(assignment: Assignment, partition: number, ms: number): void {
    const paused = [{ topic: this.options.topic.name, partitions: [partition] }];
    this.consumer.pause(paused);
    this.later(ms, () => {
      if (assignment === this.assignment) this.consumer.resume(paused);
    });
  }

  /** Tells the brokers now and then how far the group is, for those who watch its lag. Nothing hangs on it. */
  private report(payload: EachBatchPayload): void {
    const waiting = this.reportOffsets !== undefined;
    this.reportOffsets = () => {
      void payload.commitOffsetsIfNecessary(payload.uncommittedOffsets()).catch(() => undefined);
    };
    if (waiting) return;
    this.later(REPORT_OFFSETS_MS, () => {
      this.reportOffsets?.();
      this.reportOffsets = undefined;
    });
  }

  private later(ms: number, work: () => unknown): void {
    const cancel = this.options.clock.after(ms, () => {
      this.cancels.delete(cancel);
      if (!this.stopping) void work();
    });
    this.cancels.add(cancel);
  }
}

function rawRecord({ offset, key, headers, value, timestamp }: KafkaMessage): RawRecord {
  const texts = Object.entries(headers ?? {}).map(([name, content]) => [name, String(content ?? '')]);
  return {
    offset: Number(offset),
    key: key?.toString() ?? '',
    headers: Object.fromEntries(texts) as Record<string, string>,
    value,
    timestamp: Number(timestamp),
  };
}
