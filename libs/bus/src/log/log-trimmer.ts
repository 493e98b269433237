import type { Cancel, Clock, TopicSpec } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';

/** Rows deleted by one statement: a few ms, so that writers do not notice. */
const CHUNK = 500;
/** Between two rounds, in ms. */
const TRIM_EVERY = 30_000;

const deleteOld = `
  with oldest as (
    select "offset", at from bus.log where topic = $1 and partition = $2 order by "offset" limit ${CHUNK}
  ), gone as (
    delete from bus.log l using oldest o
    where l.topic = $1 and l.partition = $2 and l."offset" = o."offset" and o.at < now() - $3 * interval '1 ms'
    returning 1
  )
  select count(*)::int as gone from gone`;
const deleteSuperseded = `
  with gone as (
    delete from bus.log l using (
      select "offset" from (
        select "offset", row_number() over (partition by key order by "offset" desc) as age
        from bus.log where topic = $1 and partition = $2
      ) aged where age > 1 order by "offset" limit ${CHUNK}
    ) old
    where l.topic = $1 and l.partition = $2 and l."offset" = old."offset"
    returning 1
  )
  select count(*)::int as gone from gone`;

/** Keeps the log at the size its topics ask for, in small steps. One process does it at a time. */
export class LogTrimmer {
  private readonly topics = new Map<string, TopicSpec>();
  /** Where compacted partitions ended at the last round. */
  private readonly heads = new Map<string, number>();
  private cancel: Cancel = () => {};
  private round: Promise<void> | undefined;
  private active = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  add(topics: readonly TopicSpec[]): void {
    for (const topic of topics) this.topics.set(topic.name, topic);
  }

  start(): void {
    this.active = true;
    this.later();
  }

  async stop(): Promise<void> {
    this.active = false;
    this.cancel();
    await this.round;
  }

  /** One round over all topics. Throws DatabaseError. */
  async trim(): Promise<void> {
    for (const topic of this.topics.values()) {
      for (let partition = 0; partition < topic.partitions; partition += 1)
        await this.trimPartition(topic, partition);
    }
  }

  private later(): void {
    this.cancel = this.clock.after(TRIM_EVERY, () => {
      this.round = this.trim()
        .catch((error: unknown) => this.log.warn({ err: error }, 'The log of the bus was not trimmed.'))
        .finally(() => this.active && this.later());
    });
  }

  private async trimPartition(topic: TopicSpec, partition: number): Promise<void> {
    if (topic.cleanup === 'delete') return this.repeat(deleteOld, [topic.name, partition, topic.retentionMs]);
    const name = `${topic.name}/${partition}`;
    const [row] = await this.database.query<{ head: number }>(
      'select next_offset as head from bus.partition where topic = $1 and partition = $2',
      [topic.name, partition],
    );
    if (!row || this.heads.get(name) === row.head) return;
    await this.repeat(deleteSuperseded, [topic.name, partition]);
    this.heads.set(name, row.head);
  }

  private async repeat(sql: string, values: unknown[]): Promise<void> {
    for (;;) {
      const [row] = await this.database.query<{ gone: number }>(sql, values);
      if (row!.gone < CHUNK) return;
    }
  }
}
