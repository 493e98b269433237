import { type Clock, pause, type TopicSpec } from '@yixian/contracts';
import type { Database, Queryable, Statement, Transaction } from '@yixian/database';
import type { Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import type { Bus, BusHealth, CursorMove, OutgoingEvent, Subscribed, Subscription } from '../bus.ts';
import { Cursors } from '../delivery/cursors.ts';
import { DeadLetters } from '../delivery/dead-letters.ts';
import { failureOf } from '../delivery/failure.ts';
import { BusUnavailable } from '../errors.ts';
import { encodeEvent } from '../event-codec.ts';
import { appendRecords, type LogRecord } from '../log/append-records.ts';
import { LogTopics } from '../log/log-topics.ts';
import { runAppending } from '../log/run-appending.ts';
import { Relay } from '../relay.ts';
import { BrokerTopics } from './broker-topics.ts';
import { kafkaClient } from './client.ts';
import { KafkaProducer } from './producer/kafka-producer.ts';
import { partitionOf } from './producer/partition-of.ts';
import type { ProducedRecord } from './producer/produced-record.ts';
import { Spool } from './spool.ts';
import { KafkaSubscription } from './subscription.ts';
import { BrokerTopicMismatch } from './topics.ts';

export interface KafkaBusOptions {
  /** `host:port` of some of the brokers. */
  brokers: string[];
  database: Database;
  clock: Clock;
  log: Logger;
  /** `ce_source` of what this process publishes: `/yixian/chat-widget`. */
  source: string;
  /** Created when missing. Others are created when they are first used. */
  topics: readonly TopicSpec[];
  /** Reading can never go on in this process, which should end and be started anew. */
  onCrash: (error: Error) => void;
  /** How long, in ms, Kafka has to confirm before an event takes the spool (default 1,500). */
  patienceMs?: number;
  /** How soon, in ms, a broker that answers nothing is given up and asked again elsewhere (default 3,000). */
  requestTimeoutMs?: number;
}

/** How long Kafka has to confirm before an event takes the spool. */
const PATIENCE_MS = 1500;
/** How soon a broker that answers nothing is given up. */
const REQUEST_TIMEOUT_MS = 3000;
/** How often kafkajs asks again for a coordinator before a new client does. */
const READ_RETRIES = 2;
/** How long a stop waits for Kafka to confirm what is under way. */
const DRAIN_MS = 2000;
const DRAIN_LOOK_MS = 25;
/** How long a health report waits for the count of what lies in the log. */
const COUNT_MS = 1000;

/**
 * Events on Kafka. PostgreSQL holds beside it the outbox, the spool for when Kafka is slow, and the cursors of groups,
 * so that an effect and the place it was read from are one commit.
 */
export class KafkaBus implements Bus {
  readonly deadLetters: DeadLetters;
  private readonly logTopics: LogTopics;
  private readonly brokerTopics: BrokerTopics;
  private readonly cursors: Cursors;
  private readonly relay: Relay;
  /** Every topic that was used, by name. */
  private readonly specs = new Map<string, TopicSpec>();
  /** Those of them whose spool is watched: an outbox alone needs no spool. */
  private readonly watched = new Set<string>();
  private readonly spool: Spool;
  private readonly producer: KafkaProducer;
  private readonly subscriptions = new Set<Subscribed>();
  private readonly readings = new Set<KafkaSubscription>();
  private closing: Promise<void> | undefined;

  private constructor(private readonly options: KafkaBusOptions) {
    const { database, clock, log, brokers } = options;
    const { patienceMs = PATIENCE_MS, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
    this.cursors = new Cursors(database);
    this.deadLetters = new DeadLetters(database, this);
    this.logTopics = new LogTopics(database);
    this.brokerTopics = new BrokerTopics(brokers, log);
    this.producer = new KafkaProducer({
      newClient: () => this.newClient(),
      clock,
      log,
      requestTimeoutMs,
      patienceMs,
      onOverdue: (_topic, _partition, overdue) => this.spool.add(overdue),
    });
    this.relay = new Relay({
      database,
      clock,
      log,
      topics: [],
      publish: (records, signal) => this.moveOn(records, signal),
      onRestored: () => this.readings.forEach((reading) => reading.reposition()),
    });
    this.spool = new Spool({
      database,
      clock,
      log,
      onCommitted: (appended, records) => this.relay.committed(appended, records),
      onReleased: (records) => this.producer.enqueue(records),
    });
  }

  /** Throws DatabaseError, TopicMismatch, or BrokerTopicMismatch. Brokers that are away are waited for later. */
  static async open(options: KafkaBusOptions): Promise<KafkaBus> {
    const bus = new KafkaBus(options);
    try {
      await bus.ensure(options.topics);
      await bus.relay.start();
    } catch (error) {
      await bus.close();
      throw error;
    }
    return bus;
  }

  async publish(events: OutgoingEvent[]): Promise<void> {
    const encoded = events.map((event) => encodeEvent(event, this.options));
    if (this.closing) throw new BusUnavailable('it is closed');
    await this.ensure(events.map(({ topic }) => topic));
    const records = encoded.map((event) => this.produced(event));
    await this.spool.known();
    const direct = records.filter((record) => !this.spool.takes(record));
    const detoured = records.filter((record) => this.spool.takes(record));
    await Promise.all([this.producer.send(direct, { withdrawable: true }), this.detour(detoured)]);
  }

  async publishWith(
    tx: Queryable & Pick<Transaction, 'afterCommit'>,
    events: OutgoingEvent[],
  ): Promise<void> {
    if (events.length === 0) return;
    const records = events.map((event) => encodeEvent(event, this.options));
    const topics = events.map(({ topic }) => topic);
    await this.logTopics.ensureWith(tx, topics);
    const appended = await appendRecords(tx, records);
    tx.afterCommit(() => {
      this.relayFrom(topics);
      this.relay.committed(appended, records);
    });
  }

  async publishBeside<Row extends object>(events: OutgoingEvent[], effect: Statement): Promise<Row[]> {
    await this.publish(events);
    const { values, ...statement } = effect;
    return this.options.database.query<Row>(statement, values);
  }

  async runAppending<Row extends object>(statement: Statement): Promise<Row[]> {
    const { rows, found } = await runAppending(this.options.database, statement);
    if (found.appended.length > 0) this.relay.committed(found.appended, found.records);
    return rows as Row[];
  }

  wake(): void {
    this.relay.wake();
  }

  async subscribe<T extends { kind: string }>(subscription: Subscription<T>): Promise<Subscribed> {
    const checked = subscription as unknown as Subscription;
    if (typeof checked.delivery === 'string' && checked.cursor === 'handler') {
      throw new TypeError(`A subscription to ${checked.topic.name} without a group has no cursor to store.`);
    }
    await this.ensure([checked.topic]);
    const { database, clock, log } = this.options;
    const reading = new KafkaSubscription(checked, {
      newClient: () => this.newClient(READ_RETRIES),
      database,
      clock,
      log,
      onCrash: (error) => this.options.onCrash(error instanceof Error ? error : new Error(String(error))),
    });
    const subscribed: Subscribed = {
      ready: reading.ready,
      stop: async () => {
        this.subscriptions.delete(subscribed);
        this.readings.delete(reading);
        await reading.stop();
      },
    };
    this.subscriptions.add(subscribed);
    this.readings.add(reading);
    return subscribed;
  }

  advance(tx: Queryable, move: CursorMove): Promise<void> {
    return this.cursors.advance(tx, move);
  }

  /** What waits in memory counts beside outbox and spool. */
  async health(): Promise<BusHealth> {
    const { count, oldestSince } = this.producer.waiting();
    const waitingMs = oldestSince === undefined ? 0 : this.options.clock.monotonic() - oldestSince;
    const counted = new AbortController();
    try {
      const { pending, oldestPendingMs } = await Promise.race([
        this.relay.pending(),
        this.uncounted(counted.signal),
      ]);
      const health = {
        pending: pending + count,
        oldestPendingMs: Math.round(Math.max(oldestPendingMs, waitingMs)),
      };
      return this.closing ? { ok: false, reason: 'The bus is closed.', ...health } : { ok: true, ...health };
    } catch {
      const reason = 'The database does not answer.';
      return { ok: false, reason, pending: count, oldestPendingMs: Math.round(waitingMs) };
    } finally {
      counted.abort();
    }
  }

  /** Where all connections of a database that answers are busy, what lies in the log cannot be counted now. */
  private async uncounted(counted: AbortSignal): Promise<{ pending: number; oldestPendingMs: number }> {
    await pause(this.options.clock, COUNT_MS, counted);
    if (!counted.aborted && !(await this.options.database.healthy()))
      throw new Error('The database does not answer.');
    return { pending: 0, oldestPendingMs: 0 };
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscribed) => subscribed.stop()));
    await this.drain();
    await this.spool.close();
    await Promise.all([this.relay.stop(), this.producer.close()]);
  }

  /** What Kafka does not confirm soon goes to the spool; another process, or the next one, moves it on. */
  private async drain(): Promise<void> {
    const { clock } = this.options;
    const deadline = clock.monotonic() + DRAIN_MS;
    while (this.producer.waiting().count > 0 && clock.monotonic() < deadline)
      await pause(clock, DRAIN_LOOK_MS);
    this.producer.withdrawAll();
  }

  private newClient(retries = 0): Kafka {
    const { brokers, source, log, requestTimeoutMs = REQUEST_TIMEOUT_MS } = this.options;
    return kafkaClient({ brokers, clientId: source, log, requestTimeoutMs, retries });
  }

  private detour(records: ProducedRecord[]): Promise<unknown> {
    const since = this.options.clock.monotonic();
    const durable = records.map(
      (record) =>
        new Promise<void>((resolve, reject) =>
          this.spool.add([{ record, since, withdrawable: true, resolve, reject }]),
        ),
    );
    return Promise.all(durable);
  }

  /** The relay's records: they are in the log, so there they stay until Kafka has them. */
  private moveOn(records: LogRecord[], signal: AbortSignal): Promise<void> {
    return this.producer.send(
      records.map((record) => this.produced(record)),
      { withdrawable: false, signal },
    );
  }

  private produced({ topic, key, headers, value }: LogRecord): ProducedRecord {
    const { partitions } = this.specs.get(topic)!;
    return { topic, partition: partitionOf(topic, key, partitions), key, headers, value };
  }

  /**
   * Makes sure that the topics exist, in the log for the spool and on the brokers. Brokers that are away are asked
   * again with the next event: until then the spool takes all.
   */
  private async ensure(topics: readonly TopicSpec[]): Promise<void> {
    const unknown = topics.filter((topic) => !this.brokerTopics.has(topic));
    if (unknown.length === 0) return;
    await this.ensureInLog(unknown);
    const created = this.brokerTopics.ensure(unknown).catch((error: unknown) => {
      if (error instanceof BrokerTopicMismatch) throw error;
    });
    await Promise.race([created, pause(this.options.clock, PATIENCE_MS)]);
  }

  private async ensureInLog(topics: readonly TopicSpec[]): Promise<void> {
    const unknown = topics.filter(({ name }) => !this.watched.has(name));
    if (unknown.length === 0) return;
    try {
      await this.logTopics.ensure(unknown);
      for (const { name } of unknown) await this.spool.watch(name);
    } catch (error) {
      throw failureOf(error) === 'passing' ? new BusUnavailable(error) : error;
    }
    for (const { name } of unknown) this.watched.add(name);
    this.relayFrom(unknown);
  }

  /** What lies in the log of these topics is moved on from now on. */
  private relayFrom(topics: readonly TopicSpec[]): void {
    for (const topic of topics) {
      this.specs.set(topic.name, topic);
      this.relay.add(topic);
    }
  }
}
