import type { TopicSpec } from '@yixian/contracts';
import type { Database, Queryable, Transaction } from '@yixian/database';

/** Somebody asks for another number of partitions than the topic has. Order per key hangs on it, so it never changes. */
export class TopicMismatch extends Error {
  readonly code = 'topic_mismatch';
  readonly retryable = false;
  constructor(topic: string, has: number, asked: number) {
    super(`Topic ${topic} has ${has} partitions, not ${asked}, and that never changes.`);
  }
}

/** Whoever creates topics does so alone: two that create the same in different orders would wait in a circle. */
const takeTurn = `select pg_advisory_xact_lock(hashtextextended('yixian.bus.topics', 0))`;
const upsert = `
  insert into bus.topic (name, partitions, cleanup, retention_ms)
  select * from unnest($1::text[], $2::int[], $3::text[], $4::bigint[]) as t (name, partitions, cleanup, retention_ms)
  on conflict (name) do update set cleanup = excluded.cleanup, retention_ms = excluded.retention_ms
  where (topic.cleanup, topic.retention_ms) <> (excluded.cleanup, excluded.retention_ms)`;
const fill = `
  insert into bus.partition (topic, partition)
  select t.name, p from bus.topic t, generate_series(0, t.partitions - 1) p where t.name = any($1)
  order by 1, 2 on conflict do nothing`;
const find = `
  select name, partitions, cleanup, retention_ms::float8 as "retentionMs" from bus.topic where name = any($1)`;

type StoredTopic = Pick<TopicSpec, 'name' | 'partitions' | 'cleanup' | 'retentionMs'>;

/** The topics that the log in PostgreSQL knows. */
export class LogTopics {
  private readonly known = new Set<string>();
  /** One after the other, so that two calls leave in the order they came. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /** Creates what is missing. Costs nothing for topics seen before. Throws {@link TopicMismatch}, or DatabaseError. */
  ensure(specs: readonly TopicSpec[]): Promise<void> {
    if (this.unknown(specs).length === 0) return Promise.resolve();
    const created = this.turn.then(() => this.database.transaction((tx) => this.ensureWith(tx, specs)));
    this.turn = created.catch(() => {});
    return created;
  }

  /**
   * The same by a transaction that goes on, and by its connection alone: whoever holds one and waits for another can
   * wait for ever. What it creates is there if, and only if, it commits.
   */
  async ensureWith(
    tx: Queryable & Pick<Transaction, 'afterCommit'>,
    specs: readonly TopicSpec[],
  ): Promise<void> {
    const unknown = this.unknown(specs);
    if (unknown.length === 0) return;
    let stored = await read(tx, unknown);
    if (!unknown.every((topic) => isIn(stored, topic))) {
      await create(tx, unknown);
      stored = await read(tx, unknown);
    }
    const partitions = new Map(stored.map((one) => [one.name, one.partitions]));
    const wrong = unknown.find((topic) => partitions.get(topic.name) !== topic.partitions);
    if (wrong) throw new TopicMismatch(wrong.name, partitions.get(wrong.name) ?? 0, wrong.partitions);
    tx.afterCommit(() => unknown.forEach(({ name }) => this.known.add(name)));
  }

  private unknown(specs: readonly TopicSpec[]): TopicSpec[] {
    return [...new Map(specs.map((spec) => [spec.name, spec])).values()].filter(
      ({ name }) => !this.known.has(name),
    );
  }
}

const read = (on: Queryable, topics: readonly TopicSpec[]): Promise<StoredTopic[]> =>
  on.query<StoredTopic>(find, [topics.map(({ name }) => name)]);

const isIn = (stored: readonly StoredTopic[], { name, cleanup, retentionMs }: TopicSpec): boolean =>
  stored.some((one) => one.name === name && one.cleanup === cleanup && one.retentionMs === retentionMs);

async function create(on: Queryable, topics: readonly TopicSpec[]): Promise<void> {
  const names = topics.map(({ name }) => name);
  await on.query(takeTurn);
  await on.query(upsert, [
    names,
    topics.map(({ partitions }) => partitions),
    topics.map(({ cleanup }) => cleanup),
    topics.map(({ retentionMs }) => retentionMs),
  ]);
  await on.query(fill, [names]);
}
