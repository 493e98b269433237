import type { Database } from '@yixian/database';
import { type Appended, appending } from '../log/append-records.ts';
import type { ProducedRecord } from './producer/produced-record.ts';

/** Events for a partition of Kafka (`target`) lie in a partition of the log, the last of them before `end`. */
export interface Stretch {
  topic: string;
  target: number;
  partition: number;
  end: number;
}

const append = {
  name: 'bus.spool.append',
  text: `
    with appended as materialized (${appending([]).text}), noted as (
      insert into bus.spooled as s (topic, target, partition, until_offset)
      select a.topic, ($2::int[])[o.ordinal], a.partition, max(a."firstOffset" + a.count)
      from appended a cross join lateral unnest(a.ordinals) as o (ordinal) group by 1, 2, 3 order by 1, 2, 3
      on conflict (topic, target, partition)
      do update set until_offset = greatest(s.until_offset, excluded.until_offset)
    )
    select * from appended`,
};
const left = {
  name: 'bus.spool.left',
  text: `
    select s.topic, s.target, s.partition, s.until_offset as "end"
    from bus.spooled s
    left join bus.cursor c on c.grp = 'relay' and c.topic = s.topic and c.partition = s.partition
    where s.topic = any($1) and s.until_offset > coalesce(c.next_offset, 0)`,
};

/** The part of the log that is the spool: what lies there belongs to Kafka before anything that follows it. */
export class SpoolTable {
  constructor(private readonly database: Database) {}

  /** Commits records to the log, and that they are spooled. Throws DatabaseError. */
  append(records: ProducedRecord[]): Promise<Appended[]> {
    const targets = records.map(({ partition }) => partition);
    return this.database.query<Appended>(append, [...appending(records).values!, targets]);
  }

  /** What the relay has not moved yet, whoever spooled it. Throws DatabaseError. */
  left(topics: string[]): Promise<Stretch[]> {
    return this.database.query<Stretch>(left, [topics]);
  }
}
