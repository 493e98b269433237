import type { Queryable } from '@yixian/database';
import type { RawRecord } from '../delivery/raw-record.ts';

/** A place in the log: what has this offset, and what follows. */
export interface LogPlace {
  topic: string;
  partition: number;
  next: number;
}

/** What was found at a place. `head` is the offset the next record of the partition will have. */
export interface LogExcerpt {
  records: RawRecord[];
  head: number;
}

interface Row {
  place: number;
  head: number;
  offset: number | null;
  key: string;
  headers: string;
  value: string | null;
  at: number;
}

/** Most records from one partition in one read. */
export const READ_RECORDS = 200;
/** Records of one partition stop after this many bytes: a burst of large events must not fill the memory. */
const READ_BYTES = 1024 * 1024;

const read = {
  name: 'bus.read',
  text: `select place, head, "offset", key, headers, value, at_ms as at
    from bus.read($1::text[], $2::int[], $3::bigint[], ${READ_RECORDS}, ${READ_BYTES})`,
};

/** Reads on from many places in one statement. Gives the places where there is something, by their index. */
export async function readLog(on: Queryable, places: readonly LogPlace[]): Promise<Map<number, LogExcerpt>> {
  const columns = [
    places.map((at) => at.topic),
    places.map((at) => at.partition),
    places.map((at) => at.next),
  ];
  const excerpts = new Map<number, LogExcerpt>();
  for (const row of await on.query<Row>(read, columns)) {
    const excerpt = excerpts.get(row.place - 1) ?? { records: [], head: row.head };
    excerpts.set(row.place - 1, excerpt);
    if (row.offset !== null) excerpt.records.push(toRecord(row, row.offset));
  }
  return excerpts;
}

function toRecord({ key, headers, value, at }: Row, offset: number): RawRecord {
  return {
    offset,
    key,
    headers: JSON.parse(headers) as Record<string, string>,
    value,
    timestamp: Math.round(at),
  };
}
