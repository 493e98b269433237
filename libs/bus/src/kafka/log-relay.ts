import type { Cancel, Clock, TopicSpec } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { BatchContext } from '../bus.ts';
import type { Cursors } from '../delivery/cursors.ts';
import { failureOf } from '../delivery/failure.ts';
import type { Delivered, RawRecord } from '../delivery/raw-record.ts';
import type { LogReader } from '../log/log-reader.ts';
import type { Members } from '../members/members.ts';
import { GroupSubscription } from '../postgres/group-subscription.ts';

export interface LogRelayOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  members: Members;
  reader: LogReader;
  cursors: Cursors;
  /** Sends records of one key's partition of the log to the broker, in order. Resolves when all are stored. */
  send: (topic: TopicSpec, records: RawRecord[]) => Promise<void>;
}

/** The cursor of this group is how far the log has been moved to Kafka. */
export const RELAY = 'relay';

const TRY_AGAIN_MS = 500;
const CLEAN_EVERY_MS = 30_000;
/** Rows deleted by one statement: a few ms, so that writers do not notice. */
const CHUNK = 500;

const pending = `
  select coalesce(sum(p.next_offset - coalesce(c.next_offset, 0)), 0)::int as pending,
    coalesce(extract(epoch from now() - min(first.at)) * 1000, 0)::float as "oldestMs"
  from bus.partition p
  left join bus.cursor c on c.grp = $1 and c.topic = p.topic and c.partition = p.partition
  left join lateral (
    select l.at from bus.log l
    where l.topic = p.topic and l.partition = p.partition and l."offset" >= coalesce(c.next_offset, 0)
    order by l."offset" limit 1
  ) first on true
  where p.topic = any($2) and p.next_offset > coalesce(c.next_offset, 0)`;
const deleteMoved = `
  with gone as (
    delete from bus.log l using (
      select l.topic, l.partition, l."offset" from bus.cursor c
      join bus.log l on l.topic = c.topic and l.partition = c.partition and l."offset" < c.next_offset
      where c.grp = $1 limit ${CHUNK}
    ) moved
    where l.topic = moved.topic and l.partition = moved.partition and l."offset" = moved."offset"
    returning 1
  )
  select count(*)::int as gone from gone`;

/**
 * Moves the log to Kafka: outbox and spool in one. Each of its partitions belongs to one process at a time, which
 * reads it in order and goes on when Kafka has acknowledged. After a crash the last batch is sent again.
 */
export class LogRelay {
  private readonly topics = new Map<string, GroupSubscription>();
  private cancelClean: Cancel | undefined;
  private cleaning: Promise<void> | undefined;

  constructor(private readonly options: LogRelayOptions) {}

  /** Moves these topics too. Each must exist in the log. */
  add(topics: readonly TopicSpec[]): void {
    for (const topic of topics)
      if (!this.topics.has(topic.name)) this.topics.set(topic.name, this.follow(topic));
  }

  /** How far a topic has been moved: the next offset, by partition of the log. Throws DatabaseError. */
  moved(topic: string): Promise<Map<number, number>> {
    return this.options.cursors.read(RELAY, topic);
  }

  /** How much waits, of all topics of this process. Throws DatabaseError. */
  async pending(): Promise<{ pending: number; oldestMs: number }> {
    const rows = await this.options.database.query<{ pending: number; oldestMs: number }>(pending, [
      RELAY,
      [...this.topics.keys()],
    ]);
    return rows[0] ?? { pending: 0, oldestMs: 0 };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.topics.values()].map((topic) => topic.stop()));
    await this.stopCleaning();
  }

  /** Deletes what was moved, now and then. One process does it. */
  startCleaning(): void {
    this.cancelClean = this.options.clock.after(CLEAN_EVERY_MS, () => {
      this.cleaning = this.clean()
        .catch((error: unknown) => this.options.log.warn({ err: error }, 'The outbox was not cleaned.'))
        .finally(() => this.cancelClean && this.startCleaning());
    });
  }

  async stopCleaning(): Promise<void> {
    this.cancelClean?.();
    this.cancelClean = undefined;
    await this.cleaning;
  }

  /** Deletes what was moved. Throws DatabaseError. */
  async clean(): Promise<void> {
    for (;;) {
      const [row] = await this.options.database.query<{ gone: number }>(deleteMoved, [RELAY]);
      if (row!.gone < CHUNK) return;
    }
  }

  private follow(topic: TopicSpec): GroupSubscription {
    const { members, reader, cursors, clock, log } = this.options;
    const deliver = (partition: number, records: RawRecord[], from: number | null, context: BatchContext) =>
      this.move(topic, partition, records, from, context);
    const following = new GroupSubscription({
      group: RELAY,
      topic,
      members,
      reader,
      cursors,
      clock,
      log,
      deliver,
    });
    void following.start();
    return following;
  }

  private async move(
    topic: TopicSpec,
    partition: number,
    records: RawRecord[],
    from: number | null,
    { signal }: BatchContext,
  ): Promise<Delivered> {
    const to = records.at(-1)!.offset + 1;
    try {
      await unlessAborted(this.options.send(topic, records), signal);
      await this.options.cursors.advanceSoon({ group: RELAY, topic: topic.name, partition, from, to });
      return { outcome: 'done', next: to, from: to };
    } catch (error) {
      if (signal.aborted) return { outcome: 'stopped' };
      if (failureOf(error) === 'stale') return { outcome: 'stale' };
      this.options.log.warn(
        { err: error, topic: topic.name, partition },
        'The outbox could not be moved on.',
      );
      return { outcome: 'retry', afterMs: TRY_AGAIN_MS, next: records[0]!.offset, from };
    }
  }
}

function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('The partition was given up.')), { once: true });
    work.then(resolve, reject);
  });
}
