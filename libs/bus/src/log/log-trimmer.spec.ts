import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TopicSpec } from '@yixian/contracts';
import { systemClock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import { range, sampleTopic } from '../../testing/sample-topics.ts';
import { appendRecords } from './append-records.ts';
import { busSchema } from './bus-schema.ts';
import { LogTopics } from './log-topics.ts';
import { LogTrimmer } from './log-trimmer.ts';
import { readLog } from './read-log.ts';

describe('LogTrimmer', () => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase({ parts: [busSchema] });
  });
  afterAll(() => database.close());

  async function filled(settings: Partial<TopicSpec>, keys: string[]) {
    const topic = sampleTopic({ partitions: 1, ...settings });
    await new LogTopics(database).ensure([topic]);
    await appendRecords(
      database,
      keys.map((key, n) => ({ topic: topic.name, key, headers: {}, value: `{"n":${n}}` })),
    );
    const trimmer = new LogTrimmer(database, systemClock, pino({ level: 'silent' }));
    trimmer.add([topic]);
    const left = async (): Promise<number[]> => {
      const rows = await database.query<{ offset: number }>(
        'select "offset" from bus.log where topic = $1 order by 1',
        [topic.name],
      );
      return rows.map(({ offset }) => offset);
    };
    return { topic, trimmer, left };
  }

  it('deletes what is older than the topic keeps, and nothing younger', async () => {
    const { topic, trimmer, left } = await filled(
      { retentionMs: 60_000 },
      Array.from({ length: 1200 }, () => 'a'),
    );
    await database.query(
      `update bus.log set at = at - interval '61 s' where topic = $1 and "offset" < 1100`,
      [topic.name],
    );
    await trimmer.trim();
    expect(await left()).toEqual(range(1100, 1199));
  });

  it('keeps the newest of every key', async () => {
    const { topic, trimmer, left } = await filled({ cleanup: 'compact', retentionMs: -1 }, [
      'a',
      'b',
      'a',
      'c',
      'b',
      'a',
    ]);
    await trimmer.trim();
    expect(await left()).toEqual([3, 4, 5]);
    await appendRecords(database, [{ topic: topic.name, key: 'c', headers: {}, value: '{}' }]);
    await trimmer.trim();
    expect(await left()).toEqual([4, 5, 6]);
  });

  it('lets a reader skip what is gone', async () => {
    const { topic, trimmer } = await filled({ retentionMs: 60_000 }, ['a', 'b', 'c']);
    await database.query(`update bus.log set at = at - interval '1 h' where topic = $1`, [topic.name]);
    await trimmer.trim();
    const read = await readLog(database, [{ topic: topic.name, partition: 0, next: 1 }]);
    expect(read.get(0)).toEqual({ head: 3, records: [] });
  });
});
