/** Runs SQL and gives its rows. */
export type Query = (sql: string, values: unknown[]) => Promise<object[]>;

/**
 * What a group has not read of the log. With Kafka only the relay reads there: all other cursors are offsets of Kafka's
 * own partitions, which say nothing about the log's.
 */
const unread = `
  with reader as (select grp, topic from bus.membership union select grp, topic from bus.cursor)
  select r.grp, p.topic, p.partition, left_over.rows, left_over.oldest, l.owner,
    coalesce(m.alive_until > clock_timestamp(), false) as alive
  from reader r
  join bus.partition p on p.topic = r.topic
  left join bus.cursor c on c.grp = r.grp and c.topic = p.topic and c.partition = p.partition
  left join bus.lease l on l.grp = r.grp and l.topic = p.topic and l.partition = p.partition
  left join bus.member m on m.id = l.owner
  cross join lateral (
    select count(*)::int as rows, min(at) as oldest from bus.log g
    where g.topic = p.topic and g.partition = p.partition and g."offset" >= coalesce(c.next_offset, 0)
  ) left_over
  where left_over.rows > 0 and (r.grp = 'relay' or not $1) order by 1, 2, 3`;

/** Every process that ever took part, whether it is alive, and what it wants a share of and holds. */
const shares = `
  select s.grp, s.topic, s.member, m.alive_until > clock_timestamp() as alive, m.alive_until as "aliveUntil",
    array(select l.partition from bus.lease l where l.grp = s.grp and l.topic = s.topic and l.owner = s.member
      order by 1) as holds
  from bus.membership s join bus.member m on m.id = s.member order by 1, 2, 3`;

const kafkaCursors = `
  select grp, topic, count(*)::int as partitions, sum(next_offset)::int as read
  from bus.cursor where $1 and grp <> 'relay' group by 1, 2 order by 1, 2`;

const spooled = `
  select s.topic, s.target, s.partition, s.until_offset - coalesce(c.next_offset, 0) as rows
  from bus.spooled s
  left join bus.cursor c on c.grp = 'relay' and c.topic = s.topic and c.partition = s.partition
  where s.until_offset > coalesce(c.next_offset, 0) order by 1, 2, 3`;

const ledger = `
  select channel, state, count(*)::int as commands, min(changed_at) as oldest
  from channel.send_ledger group by 1, 2 order by 1, 2`;

const unfinished = `
  select s.channel, s.partition, s.address, s.kind, s.state, s.attempts, s.reason, s.due_at as "dueAt",
    s.changed_at as "changedAt", s.sender, l.owner
  from channel.send_ledger s left join channel.lane l on l.channel = s.channel and l.partition = s.partition
  where s.state in ('queued', 'sending') order by s.position limit 50`;

const lanes = `
  select channel, owner, alive_until > clock_timestamp() as alive, array_agg(partition order by partition) as partitions,
    wanted_by as "wantedBy"
  from channel.lane group by 1, 2, 3, 5 order by 1, 2`;

const deliveries = `select state, count(*)::int as replies from hub.delivery group by 1 order by 1`;

const busy = `
  select pid, application_name as who, state, wait_event as "waitEvent", now() - state_change as since,
    left(query, 200) as query
  from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

/** What stands where, a row each, for whoever looks why a run got stuck: read past all of the system's own code. */
export async function standingOf(query: Query, { kafka }: { kafka: boolean }): Promise<object[]> {
  const asked: [what: string, sql: string, values?: unknown[]][] = [
    ['unread in the log', unread, [kafka]],
    ['spooled', spooled],
    ['cursors on Kafka', kafkaCursors, [kafka]],
    ['share', shares],
    ['ledger', ledger],
    ['unfinished', unfinished],
    ['lanes', lanes],
    ['deliveries', deliveries],
    ['database', busy],
  ];
  const found: object[] = [];
  for (const [what, sql, values = []] of asked)
    for (const row of await query(sql, values)) found.push({ what, ...row });
  return found;
}
