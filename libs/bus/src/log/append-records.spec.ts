import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { range, sampleTopic } from '../../testing/sample-topics.ts';
import type { LogRecord } from './append-records.ts';
import { appendRecords } from './append-records.ts';
import { busSchema } from './bus-schema.ts';
import { LogTopics } from './log-topics.ts';
import { readLog } from './read-log.ts';

describe('the log', () => {
  const topic = sampleTopic({ partitions: 6 });
  let database: Database;

  beforeAll(async () => {
    database = await freshDatabase({ parts: [busSchema] });
    await new LogTopics(database).ensure([topic]);
  });
  afterAll(() => database.close());

  const record = (key: string, n: number): LogRecord => {
    return { topic: topic.name, key, headers: { ce_specversion: '1.0' }, value: `{"kind":"noted","n":${n}}` };
  };
  const whole = () =>
    readLog(
      database,
      range(0, 5).map((partition) => ({ topic: topic.name, partition, next: 0 })),
    );

  it('has dense offsets and no deadlock, however many transactions write to all partitions at once', async () => {
    const keys = range(1, 20).map((n) => `k${n}`);
    await Promise.all(
      range(1, 40).map((call) =>
        database.transaction((tx) =>
          appendRecords(
            tx,
            (call % 2 ? keys : keys.toReversed()).slice(0, 8).map((key) => record(key, call)),
          ),
        ),
      ),
    );
    const excerpts = [...(await whole()).values()];
    for (const { records, head } of excerpts) {
      expect(records.map(({ offset }) => offset)).toEqual(range(0, Math.min(head, 200) - 1));
    }
    expect(excerpts.reduce((sum, { head }) => sum + head, 0)).toBe(320);
  });

  it('says where each record went', async () => {
    const records = range(1, 30).map((n) => record(`k${n}`, n));
    const appended = await appendRecords(database, records);
    for (const { partition, firstOffset, count, ordinals } of appended) {
      const read = await readLog(database, [{ topic: topic.name, partition, next: firstOffset }]);
      const values = read
        .get(0)!
        .records.slice(0, count)
        .map(({ value }) => value);
      expect(values).toEqual(ordinals.map((ordinal) => records[ordinal - 1]!.value));
    }
    expect(appended.flatMap(({ ordinals }) => ordinals).sort((a, b) => a - b)).toEqual(range(1, 30));
  });

  it('puts a key into the same partition whoever appends it', async () => {
    const [mine] = await appendRecords(database, [record('same', 1)]);
    const [theirs] = await database.query<{ partition: number }>(
      `select partition from bus.append(jsonb_build_array(jsonb_build_object('topic', $1::text, 'key', 'same', 'value', '{}'::jsonb)))`,
      [topic.name],
    );
    expect(theirs!.partition).toBe(mine!.partition);
  });

  it('refuses a topic that does not exist, and any other number of partitions', async () => {
    await expect(appendRecords(database, [{ ...record('a', 1), topic: 'unknown' }])).rejects.toMatchObject({
      code: 'YX002',
    });
    const topics = new LogTopics(database);
    await expect(topics.ensure([{ ...topic, partitions: 7 }])).rejects.toMatchObject({
      code: 'topic_mismatch',
    });
  });

  it('stops reading a partition after a megabyte', async () => {
    const big = sampleTopic({ partitions: 1 });
    await new LogTopics(database).ensure([big]);
    const value = JSON.stringify('x'.repeat(300_000));
    await appendRecords(
      database,
      range(1, 8).map(() => ({ ...record('a', 1), topic: big.name, value })),
    );
    const read = await readLog(database, [{ topic: big.name, partition: 0, next: 0 }]);
    expect(read.get(0)).toMatchObject({ head: 8 });
    expect(read.get(0)!.records.length).toBe(4);
  });
});
