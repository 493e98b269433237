import type { Queryable } from '@yixian/database';
import type { RawRecord } from '../delivery/raw-record.ts';

/** A partition at one moment: where it ends, and the newest record of every key, in order. */
export interface PartitionSnapshot {
  partition: number;
  head: number;
  records: RawRecord[];
}

interface Row {
  partition: number;
  head: number;
  offset: number | null;
  key: string;
  headers: string;
  value: string | null;
  at: number;
}

const withNewest = `
  select p.partition, p.next_offset as head, l."offset", l.key, l.headers::text, l.value,
    round(extract(epoch from l.at) * 1000)::float8 as at
  from bus.partition p
  left join lateral (
    select distinct on (key) * from bus.log
    where topic = p.topic and partition = p.partition order by key, "offset" desc
  ) l on true
  where p.topic = $1 order by p.partition, l."offset"`;
const headsOnly =
  'select partition, next_offset as head, null as "offset" from bus.partition where topic = $1';

/** All partitions of a topic, with the newest record of every key when `newest` is set. */
export async function readSnapshot(
  on: Queryable,
  topic: string,
  newest: boolean,
): Promise<PartitionSnapshot[]> {
  const partitions = new Map<number, PartitionSnapshot>();
  for (const row of await on.query<Row>(newest ? withNewest : headsOnly, [topic])) {
    const { partition, head, offset, key, headers, value, at } = row;
    const snapshot = partitions.get(partition) ?? { partition, head, records: [] };
    partitions.set(partition, snapshot);
    if (offset === null) continue;
    snapshot.records.push({
      offset,
      key,
      headers: JSON.parse(headers) as Record<string, string>,
      value,
      timestamp: at,
    });
  }
  return [...partitions.values()];
}
