import pg from 'pg';

const INT8 = 20;

/**
 * How columns reach JavaScript: `bigint` as number, refused with a `RangeError` when it is not a safe integer (our
 * bigints are counters, offsets and microseconds; none gets there before the year 2255); `timestamptz` as `Date`, as
 * TypeORM wants it; `json` parsed, so select `…::text` to pass it through; `numeric` as text; all else as pg has it.
 */
export const typesOfColumns: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary' = 'text') =>
    oid === INT8 && format === 'text'
      ? safeInteger
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** Throws RangeError when the text is beyond ±(2^53 − 1). */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is not a safe integer`);
  return value;
}
