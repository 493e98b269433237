import type { Clock, TopicSpec } from '@yixian/contracts';
import { pause } from '@yixian/contracts';
import type { Database, Queryable, Statement, Transaction } from '@yixian/database';
import type { Logger } from 'pino';
import type { Bus, BusHealth, CursorMove, OutgoingEvent, Subscribed, Subscription } from './bus.ts';
import { BatchDelivery, groupOf } from './delivery/batch-delivery.ts';
import { Cursors } from './delivery/cursors.ts';
import { DeadLetters } from './delivery/dead-letters.ts';
import { failureOf } from './delivery/failure.ts';
import { twice } from './delivery/twice.ts';
import { BusUnavailable } from './errors.ts';
import { encodeEvent } from './event-codec.ts';
import type { Appended, LogRecord } from './log/append-records.ts';
import { appending, appendRecords } from './log/append-records.ts';
import type { News } from './log/log-news.ts';
import { LogNews } from './log/log-news.ts';
import { LogReader } from './log/log-reader.ts';
import { LogTopics } from './log/log-topics.ts';
import { LogTrimmer } from './log/log-trimmer.ts';
import { LogWriter } from './log/log-writer.ts';
import { runAppending } from './log/run-appending.ts';
import { Members } from './members/members.ts';
import { GroupSubscription } from './postgres/group-subscription.ts';
import { ProcessSubscription } from './postgres/process-subscription.ts';

export interface PostgresBusOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  /** `ce_source` of what this process publishes: `/yixian/chat-widget`. */
  source: string;
  /** Created when missing. Others are created when they are first used. */
  topics: readonly TopicSpec[];
}

/** The longest wait for a database that may be away when the bus is closed, in ms. */
const FAREWELL = 5000;

/** Events in a log table of PostgreSQL: durable, in order per key, shared by any number of processes. */
export class PostgresBus implements Bus {
  readonly deadLetters: DeadLetters;
  private readonly topics: LogTopics;
  private readonly cursors: Cursors;
  private readonly reader: LogReader;
  private readonly writer: LogWriter;
  private readonly members: Members;
  private readonly news: LogNews;
  private readonly trimmer: LogTrimmer;
  private readonly subscriptions = new Set<Subscribed>();
  private readonly readers = new Set<GroupSubscription | ProcessSubscription>();
  private closing: Promise<void> | undefined;

  private constructor(private readonly options: PostgresBusOptions) {
    const { database, clock, log } = options;
    this.topics = new LogTopics(database);
    this.cursors = new Cursors(database);
    this.deadLetters = new DeadLetters(database, this);
    this.reader = new LogReader(database, clock, log);
    this.trimmer = new LogTrimmer(database, clock, log);
    this.members = new Members({ database, clock, log, tell: () => this.news.tell('members') });
    this.news = new LogNews({
      database,
      clock,
      id: this.members.id,
      others: () => this.members.hasOthers,
      onNews: (news) => this.hear(news),
    });
    this.writer = new LogWriter(database, (appended, records) => this.committed(appended, records));
  }

  /** Throws DatabaseError, or TopicMismatch. */
  static async open(options: PostgresBusOptions): Promise<PostgresBus> {
    const bus = new PostgresBus(options);
    try {
      await bus.ensure(options.topics);
      await bus.news.start();
      await bus.members.start();
    } catch (error) {
      await bus.close();
      throw error;
    }
    void bus.members.join(bus.trimming());
    return bus;
  }

  async publish(events: OutgoingEvent[]): Promise<void> {
    const records = events.map((event) => encodeEvent(event, this.options));
    if (this.closing) throw new BusUnavailable('it is closed');
    await this.available(() => this.ensure(events.map(({ topic }) => topic)));
    await this.writer.append(records);
  }

  async publishWith(
    tx: Queryable & Pick<Transaction, 'afterCommit'>,
    events: OutgoingEvent[],
  ): Promise<void> {
    if (events.length === 0) return;
    const records = events.map((event) => encodeEvent(event, this.options));
    const topics = events.map(({ topic }) => topic);
    await this.topics.ensureWith(tx, topics);
    const appended = await appendRecords(tx, records);
    tx.afterCommit(() => {
      this.trimmer.add(topics);
      this.committed(appended, records);
    });
  }

  async publishBeside<Row extends object>(events: OutgoingEvent[], effect: Statement): Promise<Row[]> {
    const records = events.map((event) => encodeEvent(event, this.options));
    if (this.closing) throw new BusUnavailable('it is closed');
    await this.available(() => this.ensure(events.map(({ topic }) => topic)));
    // The log comes last, as it does in every transaction that appends: its locks are the ones others wait for.
    const statements = [effect, appending(records)];
    const [rows, appended] = await this.available(() =>
      twice(() => this.options.database.together(statements)),
    );
    this.committed(appended as Appended[], records);
    return rows as Row[];
  }

  async runAppending<Row extends object>(statement: Statement): Promise<Row[]> {
    const { rows, found } = await runAppending(this.options.database, statement);
    if (found.appended.length > 0) this.committed(found.appended, found.records);
    return rows as Row[];
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
    await this.available(() => this.ensure([checked.topic]));
    const { ready, stop } = await this.available(() => this.begin(checked));
    const subscribed: Subscribed = {
      ready,
      stop: async () => {
        this.subscriptions.delete(subscribed);
        await stop();
      },
    };
    this.subscriptions.add(subscribed);
    return subscribed;
  }

  advance(tx: Queryable, move: CursorMove): Promise<void> {
    return this.cursors.advance(tx, move);
  }

  /** `pending` is always 0: what is committed is on the bus. */
  async health(): Promise<BusHealth> {
    const ok = !this.closing && (await this.options.database.healthy());
    const reason = this.closing ? 'The bus is closed.' : 'The database does not answer.';
    return { ok, ...(ok ? {} : { reason }), pending: 0, oldestPendingMs: 0 };
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private committed(appended: Appended[], records: LogRecord[]): void {
    this.reader.committed(appended, records);
    this.news.tell('log');
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscribed) => subscribed.stop()));
    const { clock } = this.options;
    const settled = Promise.all([this.writer.settled(), this.members.stop(), this.reader.stop()]);
    await Promise.race([settled.then(() => this.news.stop()), pause(clock, FAREWELL)]);
  }

  private async begin(subscription: Subscription): Promise<Subscribed> {
    const { database, clock, log } = this.options;
    const { topic } = subscription;
    const delivery = new BatchDelivery(subscription, { database, log });
    const { reader, members, cursors } = this;
    if (typeof subscription.delivery === 'string') {
      const own = new ProcessSubscription({ subscription, database, reader, delivery, clock });
      await own.start();
      return { ready: own.ready(), stop: this.reading(own) };
    }
    const shared = new GroupSubscription({
      group: groupOf(subscription),
      topic,
      members,
      reader,
      cursors,
      clock,
      log,
      deliver: (partition, records, from, context) =>
        delivery.deliver({ topic, partition, records, from }, context),
      forget: (partition) => delivery.forget(partition),
    });
    return { ready: shared.start(), stop: this.reading(shared) };
  }

  /** Gives the way to stop. */
  private reading(reader: GroupSubscription | ProcessSubscription): () => Promise<void> {
    this.readers.add(reader);
    return async () => {
      this.readers.delete(reader);
      await reader.stop();
    };
  }

  private hear(news: News): void {
    if (news === 'log') this.reader.wake();
    else if (news === 'members') this.members.look();
    else if (news === 'restored') for (const one of this.readers) one.verify();
    else if (news === 'lost') for (const one of this.readers) one.lost();
  }

  private async ensure(topics: readonly TopicSpec[]): Promise<void> {
    await this.topics.ensure(topics);
    this.trimmer.add(topics);
  }

  private async available<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failureOf(error) === 'passing' ? new BusUnavailable(error) : error;
    }
  }

  /** One process trims: the owner of the one partition of this share. */
  private trimming() {
    return {
      group: 'bus',
      topic: 'trimming',
      partitions: 1,
      assigned: () => this.trimmer.start(),
      revoked: () => this.trimmer.stop(),
    };
  }
}
