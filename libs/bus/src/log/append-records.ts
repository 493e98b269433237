import type { Queryable, Statement } from '@yixian/database';

/** A record to append. `value` is JSON text. */
export interface LogRecord {
  topic: string;
  key: string;
  headers: Record<string, string>;
  value: string;
  /** What the value says, if this process has checked it. */
  data?: { kind: string };
}

/** Where records went: those with the given ordinals, counted from 1, have offsets from `firstOffset` on, in order. */
export interface Appended {
  topic: string;
  partition: number;
  firstOffset: number;
  count: number;
  ordinals: number[];
}

const append = {
  name: 'bus.append',
  text: 'select topic, partition, first_offset as "firstOffset", count, ordinals from bus.append($1::json)',
};

/** The statement that appends records to the log; its rows are {@link Appended}. */
export function appending(records: LogRecord[]): Statement {
  return { ...append, values: [`[${records.map(toJson).join()}]`] };
}

/** Appends records to the log in one statement. Throws DatabaseError; SQLSTATE `YX002` when a topic does not exist. */
export function appendRecords(on: Queryable, records: LogRecord[]): Promise<Appended[]> {
  const { values, ...statement } = appending(records);
  return on.query<Appended>(statement, values);
}

// The value is JSON already: put in as it is, it is neither parsed nor escaped again.
function toJson({ topic, key, headers, value }: LogRecord): string {
  const before = `{"topic":${JSON.stringify(topic)},"key":${JSON.stringify(key)},"headers":${JSON.stringify(headers)}`;
  return `${before},"value":${value}}`;
}
