import type { Database, Statement } from '@yixian/database';
import type { Appended, LogRecord } from './append-records.ts';

interface Row {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  headers: string;
  value: string;
}

/** What a statement appended to the log by the SQL function `bus.append`. */
export interface Found {
  appended: Appended[];
  records: LogRecord[];
}

const appended: Statement = {
  name: 'bus.appended',
  text: 'select topic, partition, "offset", key, headers, value from bus.appended()',
  values: [],
};

/**
 * Runs a statement as a transaction of its own, in one round trip with the question what it appended. Gives its rows,
 * and that. Throws DatabaseError.
 */
export async function runAppending(
  database: Database,
  statement: Statement,
): Promise<{ rows: object[]; found: Found }> {
  const [rows, found] = await database.together([statement, appended]);
  return { rows: rows!, found: stretches(found as Row[]) };
}

/** Rows of one partition lie together, in the order of their offsets. */
function stretches(rows: Row[]): Found {
  const all: Appended[] = [];
  for (const [index, { topic, partition, offset }] of rows.entries()) {
    const last = all.at(-1);
    const goesOn =
      last?.topic === topic && last.partition === partition && last.firstOffset + last.count === offset;
    if (!goesOn) all.push({ topic, partition, firstOffset: offset, count: 1, ordinals: [index + 1] });
    else {
      last.count += 1;
      last.ordinals.push(index + 1);
    }
  }
  return { appended: all, records: rows.map(toRecord) };
}

function toRecord({ topic, key, headers, value }: Row): LogRecord {
  return { topic, key, headers: JSON.parse(headers) as Record<string, string>, value };
}
