import { type Clock, pause, type TopicSpec } from '@yixian/contracts';
import type { Database, Queryable, Transaction } from '@yixian/database';
import type { Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import type { Bus, BusHealth, CursorMove, OutgoingEvent, Subscribed, Subscription } from '../bus.ts';
import { Cursors } from '../delivery/cursors.ts';
import { DeadLetters } from '../delivery/dead-letters.ts';
import { failureOf } from '../delivery/failure.ts';
import type { RawRecord } from '../delivery/raw-record.ts';
import { BusUnavailable } from '../errors.ts';
import { type EncodedEvent, encodeEvent } from '../event-codec.ts';
import { type Appended, appendRecords, type LogRecord } from '../log/append-records.ts';
import { LogNews } from '../log/log-news.ts';
import { LogReader } from '../log/log-reader.ts';
import { LogTopics } from '../log/log-topics.ts';
import { Members } from '../members/members.ts';
import { BrokerTopics } from './broker-topics.ts';
import { kafkaClient } from './client.ts';
import { LogRelay } from './log-relay.ts';
import { KafkaProducer } from './producer/kafka-producer.ts';
import { partitionOf } from './producer/partition-of.ts';
import { bytesOf, type ProducedRecord } from './producer/produced-record.ts';
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

/**
 * Events on Kafka. PostgreSQL holds beside it the outbox, the spool for when Kafka is slow, and the cursors of groups,
 * so that an effect and the place it was read from are one commit.
 */
export class KafkaBus implements Bus {
  readonly deadLetters: DeadLetters;
  private readonly logTopics: LogTopics;
  private readonly brokerTopics: BrokerTopics;
  private readonly cursors: Cursors;
  private readonly reader: LogReader;
  private readonly members: Members;
  private readonly news: LogNews;
  private readonly relay: LogRelay;
  private readonly spool: Spool;
  private readonly producer: KafkaProducer;
  private readonly subscriptions = new Set<Subscribed>();
  private closing: Promise<void> | undefined;

  private constructor(private readonly options: KafkaBusOptions) {
    const { database, clock, log, brokers } = options;
    this.cursors = new Cursors(database);
    this.reader = new LogReader(database, clock, log);
    this.members = new Members({ database, clock, log, tell: () => this.news.tell('members') });
    this.deadLetters = new DeadLetters(database, this);
    this.logTopics = new LogTopics(database);
    this.brokerTopics = new BrokerTopics(brokers, log);
    this.news = new LogNews({
      database,
      clock,
      id: this.members.id,
      others: () => this.members.hasOthers,
      onNews: (news) => (news === 'log' ? this.reader.wake() : this.members.look()),
    });
    this.producer = new KafkaProducer({
      newClient: () => this.newClient(),
      clock,
      log,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      patienceMs: PATIENCE_MS,
      onOverdue: (_topic, _partition, overdue) => this.spool.add(overdue),
    });
    this.relay = new LogRelay({
      database,
      clock,
      log,
      members: this.members,
      reader: this.reader,
      cursors: this.cursors,
      send: (topic, records) => this.send(topic, records),
    });
    this.spool = new Spool({
      database,
      clock,
      log,
      onCommitted: (appended, records) => this.committed(appended, records),
      moved: (topic) => this.relay.moved(topic),
    });
  }

  /** Throws DatabaseError, TopicMismatch, or BrokerTopicMismatch. Brokers that are away are waited for later. */
  static async open(options: KafkaBusOptions): Promise<KafkaBus> {
    const bus = new KafkaBus(options);
    await bus.ensure(options.topics);
    await bus.news.start();
    await bus.members.start();
    void bus.members.join(bus.cleaning());
    bus.relay.add(options.topics);
    return bus;
  }

  async publish(events: OutgoingEvent[]): Promise<void> {
    const encoded = events.map((event) => encodeEvent(event, this.options));
    if (this.closing) throw new BusUnavailable('it is closed');
    await this.ensure(events.map(({ topic }) => topic));
    const records = encoded.map((event, index) => producedRecord(events[index]!.topic, event));
    const direct = records.filter((record) => !this.spool.takes(record));
    const detoured = records.filter((record) => this.spool.takes(record));
    await Promise.all([this.producer.send(direct, { withdrawable: true }), this.toSpool(detoured)]);
  }

  async publishWith(
    tx: Queryable & Pick<Transaction, 'afterCommit'>,
    events: OutgoingEvent[],
  ): Promise<void> {
    if (events.length === 0) return;
    const records = events.map((event) => encodeEvent(event, this.options));
    const topics = events.map(({ topic }) => topic);
    await this.logTopics.ensure(topics);
    this.relay.add(topics);
    const appended = await appendRecords(tx, records);
    tx.afterCommit(() => this.committed(appended, records));
  }

  wake(): void {
    this.reader.wake();
    this.news.tell('log');
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
        await reading.stop();
      },
    };
    this.subscriptions.add(subscribed);
    return subscribed;
  }

  advance(tx: Queryable, move: CursorMove): Promise<void> {
    return this.cursors.advance(tx, move);
  }

  async health(): Promise<BusHealth> {
    const inMemory = this.producer.waiting();
    const now = this.options.clock.monotonic();
    const inMemoryMs = inMemory.oldestSince === undefined ? 0 : now - inMemory.oldestSince;
    try {
      const { pending, oldestMs } = await this.relay.pending();
      const ok = !this.closing;
      const oldestPendingMs = Math.round(Math.max(oldestMs, inMemoryMs));
      return {
        ok,
        ...(ok ? {} : { reason: 'The bus is closed.' }),
        pending: pending + inMemory.count,
        oldestPendingMs,
      };
    } catch {
      const reason = 'The database does not answer.';
      return { ok: false, reason, pending: inMemory.count, oldestPendingMs: Math.round(inMemoryMs) };
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscribed) => subscribed.stop()));
    await this.drain();
    await this.spool.close();
    await this.relay.stop();
    await this.producer.close();
    await this.members.stop();
    await this.reader.stop();
    await this.news.stop();
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
    const { brokers, source, log } = this.options;
    return kafkaClient({ brokers, clientId: source, log, requestTimeoutMs: REQUEST_TIMEOUT_MS, retries });
  }

  private toSpool(records: ProducedRecord[]): Promise<unknown> {
    const since = this.options.clock.monotonic();
    return Promise.all(
      records.map(
        (record) =>
          new Promise<void>((resolve, reject) =>
            this.spool.add([{ record, bytes: bytesOf(record), since, withdrawable: false, resolve, reject }]),
          ),
      ),
    );
  }

  private send(topic: TopicSpec, records: RawRecord[]): Promise<void> {
    return this.producer.send(
      records.map(({ key, headers, value }) =>
        producedRecord(topic, { topic: topic.name, key, headers, value: String(value) }),
      ),
      { withdrawable: false },
    );
  }

  private committed(appended: Appended[], records: LogRecord[]): void {
    this.reader.committed(appended, records);
    this.news.tell('log');
  }

  /**
   * Makes sure that the topics exist. The log has them for the spool; a database that is away matters only when the
   * spool is needed. Brokers that are away are asked again with the next event: until then the spool takes all.
   */
  private async ensure(topics: readonly TopicSpec[]): Promise<void> {
    const unknown = topics.filter((topic) => !this.brokerTopics.has(topic));
    if (unknown.length === 0) return;
    try {
      await this.logTopics.ensure(unknown);
      this.relay.add(unknown);
    } catch (error) {
      throw failureOf(error) === 'passing' ? new BusUnavailable(error) : error;
    }
    const { clock } = this.options;
    const created = this.brokerTopics.ensure(unknown).catch((error: unknown) => {
      if (error instanceof BrokerTopicMismatch) throw error;
    });
    await Promise.race([created, pause(clock, PATIENCE_MS)]);
  }

  /** One process deletes what was moved: the owner of the one partition of this share. */
  private cleaning() {
    return {
      group: 'bus',
      topic: 'cleaning',
      partitions: 1,
      assigned: () => this.relay.startCleaning(),
      revoked: () => this.relay.stopCleaning(),
    };
  }
}

function producedRecord(
  topic: TopicSpec,
  event: Pick<EncodedEvent, 'key' | 'value'> & LogRecord,
): ProducedRecord {
  const { key, headers, value } = event;
  return {
    topic: topic.name,
    partition: partitionOf(topic.name, key, topic.partitions),
    key,
    headers,
    value,
  };
}
