import type { TopicSpec } from '@yixian/contracts';
import type { Database } from '@yixian/database';

/** Somebody asks for another number of partitions than the topic has. Order per key hangs on it, so it never changes. */
export class TopicMismatch extends Error {
  readonly code = 'topic_mismatch';
  readonly retryable = false;
  constructor(topic: string, has: number, asked: number) {
    super(`Topic ${topic} has ${has} partitions, not ${asked}, and that never changes.`);
  }
}

const upsert = `
  insert into bus.topic (name, partitions, cleanup, retention_ms)
  select * from unnest($1::text[], $2::int[], $3::text[], $4::bigint[]) as t (name, partitions, cleanup, retention_ms)
  order by name
  on conflict (name) do update set cleanup = excluded.cleanup, retention_ms = excluded.retention_ms
  where (topic.cleanup, topic.retention_ms) <> (excluded.cleanup, excluded.retention_ms)`;
const fill = `
  insert into bus.partition (topic, partition)
  select t.name, p from bus.topic t, generate_series(0, t.partitions - 1) p where t.name = any($1)
  order by 1, 2 on conflict do nothing`;

/** The topics that the log in PostgreSQL knows. */
export class LogTopics {
  private readonly known = new Set<string>();
  /** One after the other, so that two calls leave in the order they came. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /** Creates what is missing. Costs nothing for topics seen before. Throws {@link TopicMismatch}. */
  ensure(specs: readonly TopicSpec[]): Promise<void> {
    if (specs.every(({ name }) => this.known.has(name))) return Promise.resolve();
    const created = this.turn.then(() => this.create(specs));
    this.turn = created.catch(() => {});
    return created;
  }

  private async create(specs: readonly TopicSpec[]): Promise<void> {
    const unknown = [...new Map(specs.map((spec) => [spec.name, spec])).values()].filter(
      ({ name }) => !this.known.has(name),
    );
    if (unknown.length === 0) return;
    const names = unknown.map(({ name }) => name);
    await this.database.transaction(async (tx) => {
      const columns = [
        unknown.map((t) => t.partitions),
        unknown.map((t) => t.cleanup),
        unknown.map((t) => t.retentionMs),
      ];
      await tx.query(upsert, [names, ...columns]);
      await tx.query(fill, [names]);
      const stored = await tx.query<{ name: string; partitions: number }>(
        'select name, partitions from bus.topic where name = any($1)',
        [names],
      );
      const has = new Map(stored.map(({ name, partitions }) => [name, partitions]));
      const wrong = unknown.find(({ name, partitions }) => has.get(name) !== partitions);
      if (wrong) throw new TopicMismatch(wrong.name, has.get(wrong.name) ?? 0, wrong.partitions);
    });
    for (const name of names) this.known.add(name);
  }
}
