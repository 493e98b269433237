import type { AgentId, ConversationQuery, InboxView } from '@yixian/contracts';
import type { Queryable } from '@yixian/database';
import { parsePosition } from './position.ts';

/** Conversations that are not closed. */
export interface ConversationCounts {
  unassigned: number;
  all: number;
  byAgent: Record<string, number>;
}

const conditions: Record<InboxView, string> = {
  mine: `c.state <> 'closed' and c.assignee_id = $5`,
  unassigned: `c.state <> 'closed' and c.assignee_id is null`,
  all: `c.state <> 'closed'`,
  closed: `c.state = 'closed'`,
};

/**
 * last_slot is last_at in coarse steps, by which the indexes are made: only what is as old to five minutes is sorted.
 * $1 limit, $2 channel or null, $3 and $4 the position to go on from or null, $5 the agent. Conditions that are always
 * true give a type to parameters that a view does not use.
 */
const pageOf = (view: InboxView, goesOn: boolean): string => `
  with page as (
    select c, row_number() over (order by c.last_at desc, c.id desc) as n
    from hub.conversation c
    where ${conditions[view]} and ($2::text is null or c.channel = $2) and ($5::uuid is null or true)
      and ${goesOn ? 'c.last_slot <= hub.slot_of($3) and (c.last_at, c.id) < ($3, $4)' : '($3::bigint is null and $4::uuid is null)'}
    order by c.last_slot desc, c.last_at desc, c.id desc limit $1 + 1
  )
  select json_build_object(
    'conversations', coalesce(json_agg(hub.conversation_json(p.c, t, i.allowance) order by p.n) filter (where p.n <= $1), '[]'),
    'next', case when count(*) > $1 then max((p.c).last_at || '_' || (p.c).id) filter (where p.n = $1) end)::text as json
  from page p left join hub.contact t on t.id = (p.c).contact_id
    left join hub.identity i on i.id = (p.c).identity_id`;

/** A page of a view, newest first, as JSON text of `{ conversations, next }`. Throws InvalidPosition. */
export async function pageOfConversations(
  on: Queryable,
  query: ConversationQuery,
  agent: AgentId | undefined,
): Promise<{ json: string }> {
  if (query.view === 'mine' && !agent) return { json: '{"conversations":[],"next":null}' };
  const from = query.cursor === undefined ? undefined : parsePosition(query.cursor);
  const [row] = await on.query<{ json: string }>(
    {
      name: `hub.conversations.${query.view}.${from ? 'more' : 'first'}`,
      text: pageOf(query.view, from !== undefined),
    },
    [query.limit, query.channel ?? null, from?.at ?? null, from?.id ?? null, agent ?? null],
  );
  return row!;
}

export async function countConversations(on: Queryable): Promise<ConversationCounts> {
  const rows = await on.query<{ agent: string | null; count: number }>({
    name: 'hub.conversations.counts',
    text: `select assignee_id as agent, count(*) as count from hub.conversation where state <> 'closed' group by 1`,
  });
  const counts: ConversationCounts = { unassigned: 0, all: 0, byAgent: {} };
  for (const { agent, count } of rows) {
    counts.all += count;
    if (agent === null) counts.unassigned = count;
    else counts.byAgent[agent] = count;
  }
  return counts;
}
