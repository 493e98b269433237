import type { Database, Queryable } from '@yixian/database';
import type { Bus } from '../bus.ts';
import { appendRecords } from '../log/append-records.ts';
import type { RawRecord } from './raw-record.ts';

/** An event that a group could not take, with why. */
export interface DeadLetter {
  id: number;
  topic: string;
  partition: number;
  offset: number;
  /** The group; `every` or `state` for subscriptions without one. */
  group: string;
  key: string;
  headers: Record<string, string>;
  /** The bytes as they came, whatever they are. */
  value: Uint8Array | null;
  error: string;
  attempts: number;
  at: Date;
  replayedAt: Date | null;
  discardedAt: Date | null;
}

export interface DeadLetterPage {
  letters: DeadLetter[];
  /** Give it to get the page after; null on the last one. */
  next: number | null;
}

/**
 * What became of a request: `done`; `missing`, no such letter; `settled`, it was replayed or discarded before;
 * `unreadable`, its value is not JSON, so no replay can help.
 */
export type Settlement = 'done' | 'missing' | 'settled' | 'unreadable';

const bury = {
  name: 'bus.bury',
  text: `insert into bus.dead_letter (topic, partition, "offset", grp, key, headers, value, error, attempts)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
};
const columns = `id, topic, partition, "offset", grp as "group", key, headers, value, error, attempts, at,
  replayed_at as "replayedAt", discarded_at as "discardedAt"`;

/** The quarantine: what was set aside so that the rest of its partition could go on. Nothing in it is ever lost. */
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly bus: Pick<Bus, 'wake'>,
  ) {}

  /** Newest first. `cursor`: `next` of the page before. */
  async list(cursor: number | null, limit: number): Promise<DeadLetterPage> {
    const letters = await this.database.query<DeadLetter>(
      `select ${columns} from bus.dead_letter where $1::bigint is null or id < $1 order by id desc limit $2`,
      [cursor, limit + 1],
    );
    const page = letters.slice(0, limit);
    return { letters: page, next: letters.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  /**
   * Publishes the value again as it was, so with the same ids inside, and marks the letter, both or neither. Every
   * group of the topic gets it; those that had it know it by its id.
   */
  replay(id: number): Promise<Settlement> {
    return this.settle(id, 'replayed_at', async (tx, letter) => {
      const value = jsonText(letter.value);
      if (value === undefined) return 'unreadable';
      await appendRecords(tx, [{ topic: letter.topic, key: letter.key, headers: letter.headers, value }]);
      return 'done';
    });
  }

  /** Marks the letter as not worth a replay. It stays in the table. */
  discard(id: number): Promise<Settlement> {
    return this.settle(id, 'discarded_at', async () => 'done');
  }

  private async settle(
    id: number,
    mark: 'replayed_at' | 'discarded_at',
    work: (tx: Queryable, letter: DeadLetter) => Promise<Settlement>,
  ): Promise<Settlement> {
    return this.database.transaction(async (tx) => {
      const [letter] = await tx.query<DeadLetter>(
        `select ${columns} from bus.dead_letter where id = $1 for update`,
        [id],
      );
      if (!letter) return 'missing';
      if (letter.replayedAt || letter.discardedAt) return 'settled';
      const settlement = await work(tx, letter);
      if (settlement === 'done')
        await tx.query(`update bus.dead_letter set ${mark} = now() where id = $1`, [id]);
      tx.afterCommit(() => this.bus.wake());
      return settlement;
    });
  }
}

export interface Burial {
  topic: string;
  partition: number;
  group: string;
  record: RawRecord;
  error: string;
  attempts: number;
}

/** Sets a record aside. Doing it twice is doing it once. */
export async function buryRecord(tx: Queryable, burial: Burial): Promise<void> {
  const { topic, partition, group, record, error, attempts } = burial;
  const value =
    typeof record.value === 'string' ? Buffer.from(record.value) : record.value && Buffer.from(record.value);
  const headers = JSON.stringify(record.headers);
  const key = plain(record.key);
  await tx.query(bury, [topic, partition, record.offset, group, key, headers, value, plain(error), attempts]);
}

/** PostgreSQL's text holds no NUL and no half characters. */
const plain = (text: string): string => text.replaceAll(/\0|\p{Surrogate}/gu, '');

function jsonText(value: Uint8Array | null): string | undefined {
  if (value === null) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(value);
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
