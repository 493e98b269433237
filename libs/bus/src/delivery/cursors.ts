import type { Database, Queryable } from '@yixian/database';
import type { CursorMove } from '../bus.ts';
import { STALE_OWNER, StaleOwner } from '../errors.ts';

const read = {
  name: 'bus.cursors',
  text: 'select partition, next_offset from bus.cursor where grp = $1 and topic = $2',
};
const initialise = {
  name: 'bus.cursor.initialise',
  text: 'insert into bus.cursor (grp, topic, partition, next_offset) values ($1, $2, $3, $4) on conflict do nothing',
};
const advance = { name: 'bus.advance', text: 'select bus.advance($1, $2, $3, $4, $5)' };
/** Not worth a wait for the disk: after a crash of the server the events of the last moment come again. */
const advanceSoon = {
  name: 'bus.advance.soon',
  text: `select set_config('synchronous_commit', 'off', true), bus.advance($1, $2, $3, $4, $5)`,
};

/** How far each group has read. */
export class Cursors {
  constructor(private readonly database: Database) {}

  /** The next offset per partition; a partition the group never stored is missing. */
  async read(group: string, topic: string): Promise<Map<number, number>> {
    const rows = await this.database.query<{ partition: number; next_offset: number }>(read, [group, topic]);
    return new Map(rows.map((row) => [row.partition, row.next_offset]));
  }

  /** Lets a group begin at `offset`, unless it has begun already. */
  async initialise(group: string, topic: string, partition: number, offset: number): Promise<void> {
    await this.database.query(initialise, [group, topic, partition, offset]);
  }

  /** Throws {@link StaleOwner} when the cursor is not at `move.from`. */
  advance(tx: Queryable, move: CursorMove): Promise<void> {
    return send(tx, advance, move);
  }

  /** The same in a transaction of its own, which a crash of the server may take back. */
  advanceSoon(move: CursorMove): Promise<void> {
    return send(this.database, advanceSoon, move);
  }
}

async function send(on: Queryable, statement: typeof advance, move: CursorMove): Promise<void> {
  const { group, topic, partition, from, to } = move;
  try {
    await on.query(statement, [group, topic, partition, from, to]);
  } catch (error) {
    if ((error as { code?: string }).code === STALE_OWNER) throw new StaleOwner(group, topic, partition);
    throw error;
  }
}
