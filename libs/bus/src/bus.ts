import type { CloudEventHeaders, TopicSpec } from '@yixian/contracts';
import type { Queryable, Statement, Transaction } from '@yixian/database';

/** An event to publish: CloudEvents attributes beside JSON data that fits the topic's schema. */
export interface OutgoingEvent {
  topic: TopicSpec;
  /** Events of one key stay in order. */
  key: string;
  /** Has `kind` and, unless it is a signal, `id`: they become `ce_type` and `ce_id`. */
  data: { kind: string; id?: string };
  /** W3C `traceparent` of what caused it. */
  traceparent?: string;
}

/** An event that was read and fits the schema of its topic. */
export interface BusEvent<T = { kind: string }> {
  offset: number;
  key: string;
  headers: Partial<CloudEventHeaders>;
  data: T;
}

/** The move of one group's cursor over one partition that goes with a batch: stored with its effect, or after it. */
export interface CursorMove {
  group: string;
  topic: string;
  partition: number;
  /** The offset the group stood at, or `null` when it never stored one. */
  from: number | null;
  /** The next offset to read. */
  to: number;
}

/** Events of one partition, in order. */
export interface Batch<T = { kind: string }> {
  topic: string;
  partition: number;
  events: BusEvent<T>[];
  cursor: CursorMove;
}

export interface BatchContext {
  /** Aborts when the partition was taken away or the process stops; finish or give up, soon. */
  signal: AbortSignal;
  /** Says that the handler is alive. Call it in long handlers. */
  heartbeat(): Promise<void>;
}

/**
 * What a handler may do with a batch:
 * - resolve: all of it took effect;
 * - throw an error with `retryable: true`, or a transient database error: the partition waits with backoff, the same
 *   batch comes again, other partitions go on;
 * - throw anything else: tried again a few times, then cut in halves until the one event that fails is alone; that
 *   one becomes a dead letter and the rest goes on.
 */
export type BatchHandler<T = { kind: string }> = (batch: Batch<T>, context: BatchContext) => Promise<void>;

export interface Subscription<T = { kind: string }> {
  topic: TopicSpec;
  /**
   * `{ group }`: work shared among all members of the group, from the earliest record on, each event to one member.
   * `'every'`: each process gets every event from now on (sockets).
   * `'state'`: each process gets the newest event of every key, then all that follow (compacted topics).
   */
  delivery: { group: string } | 'every' | 'state';
  /**
   * `'bus'` (default): the bus stores the cursor after the handler resolved: at least once.
   * `'handler'`: the handler stores `batch.cursor` in the transaction of its effect (by {@link Bus.advance} or by the
   * SQL function `bus.advance`): exactly once, and a zombie owner's transaction fails. Only with a group.
   */
  cursor?: 'bus' | 'handler';
  /** Most events in a batch (default 200). */
  maxBatch?: number;
  handler: BatchHandler<T>;
}

export interface Subscribed {
  /** Resolves when the first assignment or snapshot is in place; for `state`, when the snapshot was handled. */
  ready: Promise<void>;
  /** Waits for the running batches, then stops. */
  stop(): Promise<void>;
}

export interface BusHealth {
  ok: boolean;
  /** What is wrong, in words, when not ok. */
  reason?: string;
  /** Events written but not yet handed on (outbox and spool), and the age of the oldest in ms. */
  pending: number;
  oldestPendingMs: number;
}

/**
 * Events, in order per key, at least once. Two implementations, one contract suite: Kafka, and a log table in
 * PostgreSQL. Both keep the cursors of `'handler'` subscriptions and the outbox in PostgreSQL.
 */
export interface Bus {
  /**
   * Resolves once every event is durable. On Kafka: acknowledged by all in-sync replicas, or, when that takes longer
   * than 1.5 s, committed to the spool in PostgreSQL, from where it is moved on in order. Rejects with
   * `BusUnavailable` (retryable) when neither can be had, and with `InvalidEvent` when the data does not fit.
   */
  publish(events: OutgoingEvent[]): Promise<void>;
  /**
   * The outbox: the events are published if, and only if, `tx` commits. All events of one transaction go in one call.
   * Takes no connection but that of `tx`. Throws InvalidEvent, or DatabaseError.
   */
  publishWith(tx: Queryable & Pick<Transaction, 'afterCommit'>, events: OutgoingEvent[]): Promise<void>;
  /**
   * Publishes events and runs the statement of an effect that belongs to them; gives its rows. On the log in PostgreSQL
   * both are one commit, on Kafka the statement runs once the events are durable: it must bear being run again for
   * events that come again. Rejects as {@link publish} does, or with DatabaseError.
   */
  publishBeside<Row extends object>(events: OutgoingEvent[], effect: Statement): Promise<Row[]>;
  /**
   * Runs, as a transaction of its own, a statement that appends by the SQL function `bus.append`, and hands on what it
   * appended. Gives its rows. Throws DatabaseError.
   */
  runAppending<Row extends object>(statement: Statement): Promise<Row[]>;
  /** Tells the bus that rows were appended by the SQL function `bus.append` and committed. Cheap; never throws. */
  wake(): void;
  subscribe<T extends { kind: string }>(subscription: Subscription<T>): Promise<Subscribed>;
  /**
   * Stores a cursor inside a transaction. Throws `StaleOwner` (retryable: false for the batch, handled by the bus)
   * when the cursor is not where the batch began: somebody else owns the partition now.
   */
  advance(tx: Queryable, move: CursorMove): Promise<void>;
  health(): Promise<BusHealth>;
  /** Stops subscriptions, hands on what is pending if that is quick (2 s), closes. */
  close(): Promise<void>;
}
