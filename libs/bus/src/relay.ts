import type { Clock, TopicSpec } from '@yixian/contracts';
import type { Database, Queryable } from '@yixian/database';
import type { Logger } from 'pino';
import { waitAfter } from './delivery/backoff.ts';
import { Cursors } from './delivery/cursors.ts';
import { describe, failureOf } from './delivery/failure.ts';
import type { Delivered, RawRecord } from './delivery/raw-record.ts';
import type { Appended, LogRecord } from './log/append-records.ts';
import type { News } from './log/log-news.ts';
import { LogNews } from './log/log-news.ts';
import { LogReader } from './log/log-reader.ts';
import { Members } from './members/members.ts';
import { GroupSubscription } from './postgres/group-subscription.ts';

export interface RelayOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  /** More may be added later, by {@link Relay.add}. They must exist in the log. */
  topics: readonly TopicSpec[];
  /**
   * Hands records on, in the given order per key; resolves when they are safe there. All are of one topic and one
   * partition of the log; calls for different partitions run at the same time. A rejection is tried again for ever.
   * Once `signal` aborts nobody waits any more: what is not handed on yet need not be.
   */
  publish(records: LogRecord[], signal: AbortSignal): Promise<void>;
  /** The server was out of reach: what it has taken back, if it crashed, must be done again by others too. */
  onRestored?(): void;
}

/** A partition of the log, and where its cursor stands. */
interface Place {
  topic: string;
  partition: number;
  from: number | null;
}

export interface Pending {
  pending: number;
  /** Age of the oldest in ms; 0 when there is none. */
  oldestPendingMs: number;
}

/** The cursor group of all relays. */
const GROUP = 'relay';
const backoff = { first: 50, longest: 5_000 };

const settle = {
  name: 'bus.relay.settle',
  text: `with gone as (delete from bus.log where topic = $2 and partition = $3 and "offset" < $5)
    select set_config('synchronous_commit', 'off', true), bus.advance($1, $2, $3, $4, $5)`,
};
const pendingOf = {
  name: 'bus.relay.pending',
  text: `
    select coalesce(sum(p.next_offset - coalesce(c.next_offset, 0)), 0)::bigint as pending,
      coalesce(max(extract(epoch from now() - oldest.at) * 1000), 0)::float8 as "oldestPendingMs"
    from bus.partition p
    left join bus.cursor c on c.grp = '${GROUP}' and c.topic = p.topic and c.partition = p.partition
    left join lateral (
      select at from bus.log l where l.topic = p.topic and l.partition = p.partition
        and l."offset" >= coalesce(c.next_offset, 0)
      order by l."offset" limit 1
    ) oldest on true
    where p.topic = any($1) and p.next_offset > coalesce(c.next_offset, 0)`,
};

/**
 * Moves what lies in the log to where it belongs: in order per partition, each partition by one process at a time,
 * at least once. What was moved is deleted. When the process that does it dies, another goes on within 5 s.
 */
export class Relay {
  private readonly cursors: Cursors;
  private readonly reader: LogReader;
  private readonly members: Members;
  private readonly news: LogNews;
  private readonly moving = new Map<string, GroupSubscription>();
  private readonly attempts = new Map<string, number>();
  private started = false;

  constructor(private readonly options: RelayOptions) {
    const { database, clock, log } = options;
    this.cursors = new Cursors(database);
    this.reader = new LogReader(database, clock, log);
    this.members = new Members({ database, clock, log, tell: () => this.news.tell('members') });
    this.news = new LogNews({
      database,
      clock,
      id: this.members.id,
      others: () => this.members.hasOthers,
      onNews: (news) => this.hear(news),
    });
    for (const topic of options.topics) this.prepare(topic);
  }

  /** Throws DatabaseError when the database is away. */
  async start(): Promise<void> {
    await this.news.start();
    await this.members.start();
    this.started = true;
    for (const subscription of this.moving.values()) void subscription.start();
  }

  /** Moves another topic too. Adding one twice is adding it once. */
  add(topic: TopicSpec): void {
    if (this.moving.has(topic.name)) return;
    const subscription = this.prepare(topic);
    if (this.started) void subscription.start();
  }

  /** Something was appended and committed, by whomever. Cheap; never throws. */
  wake(): void {
    this.reader.wake();
    this.news.tell('log');
  }

  /** This process appended and committed these: they are handed on without reading them again. */
  committed(appended: readonly Appended[], records: readonly LogRecord[]): void {
    this.reader.committed(appended, records);
    this.news.tell('log');
  }

  /** How much of a topic was not handed on yet. Throws DatabaseError. */
  async pendingIn(topic: string): Promise<number> {
    return (await this.pendingOf([topic])).pending;
  }

  /** How much of all its topics was not handed on yet. Throws DatabaseError. */
  pending(): Promise<Pending> {
    return this.pendingOf([...this.moving.keys()]);
  }

  /** Waits for what is on its way, then lets other processes go on. */
  async stop(): Promise<void> {
    await this.members.stop();
    await this.reader.stop();
    await this.news.stop();
  }

  private hear(news: News): void {
    if (news === 'log') this.reader.wake();
    else if (news === 'members') this.members.look();
    else if (news === 'restored') {
      for (const subscription of this.moving.values()) subscription.verify();
      this.options.onRestored?.();
    }
  }

  private prepare(topic: TopicSpec): GroupSubscription {
    const { clock, log } = this.options;
    const { members, reader, cursors } = this;
    const subscription = new GroupSubscription({
      group: GROUP,
      topic,
      members,
      reader,
      cursors,
      clock,
      log,
      deliver: (partition, records, from, { signal }) =>
        this.move({ topic: topic.name, partition, from, signal }, records),
    });
    this.moving.set(topic.name, subscription);
    return subscription;
  }

  private async move(
    { topic, partition, from, signal }: Place & { signal: AbortSignal },
    records: RawRecord[],
  ): Promise<Delivered> {
    const place = `${topic}/${partition}`;
    const next = records.at(-1)!.offset + 1;
    try {
      const moved = records.map((record) => toLogRecord(topic, record));
      await this.options.publish(moved, signal);
      await this.settle(this.options.database, { topic, partition, from, to: next });
      this.attempts.delete(place);
      return { outcome: 'done', next, from: next };
    } catch (error) {
      if (signal.aborted) return { outcome: 'stopped' };
      if (failureOf(error) === 'stale') return { outcome: 'stale' };
      const attempts = (this.attempts.get(place) ?? 0) + 1;
      this.attempts.set(place, attempts);
      const afterMs = waitAfter(attempts, backoff);
      this.options.log.warn(
        { topic, partition, attempts, afterMs, error: describe(error) },
        'Events wait to be handed on.',
      );
      return { outcome: 'retry', afterMs, next: records[0]!.offset, from };
    }
  }

  private async settle(on: Queryable, move: Place & { to: number }): Promise<void> {
    await on.query(settle, [GROUP, move.topic, move.partition, move.from, move.to]);
  }

  private async pendingOf(topics: string[]): Promise<Pending> {
    const [row] = await this.options.database.query<Pending>(pendingOf, [topics]);
    return row!;
  }
}

function toLogRecord(topic: string, { key, headers, value }: RawRecord): LogRecord {
  return { topic, key, headers, value: value === null ? 'null' : String(value) };
}
