import type { Clock } from '@yixian/contracts';
import type { Database, Transaction } from '@yixian/database';
import type { Fact } from './fact.ts';
import type { Gap } from './replay.ts';
import { Replay } from './replay.ts';
import {
  comparisons,
  firstDifferences,
  freshTables,
  keepConversations,
  keepDeliveries,
} from './rebuilt-tables.ts';

/** Facts read and folded at a time. */
const PORTION = 10_000;

export interface ModelComparison {
  model: string;
  rows: number;
  /** Hashes of the table in use and of the one made from the log. */
  live: string;
  fresh: string;
}

export interface Rebuilt {
  models: ModelComparison[];
  gaps: Gap[];
  conversations: number;
  facts: number;
  /** Facts folded and compared per second. */
  rate: number;
  equal: boolean;
  /** Up to five conversations that differ, both ways. */
  differences: { id: string; live: unknown; fresh: unknown }[];
}

/**
 * Makes every read model again from the logs of entries, changes and links, into fresh tables, and compares. Sees one
 * moment of the database (repeatable read), so messages may come in meanwhile; it locks nothing and leaves nothing.
 */
export function rebuild(database: Database, clock: Clock): Promise<Rebuilt> {
  return database.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read');
    await tx.query('set local statement_timeout = 0');
    await tx.query(freshTables);
    const start = clock.monotonic();
    const { conversations, facts, gaps } = await replayAll(tx);
    const models = await compare(tx);
    const seconds = Math.max(clock.monotonic() - start, 1) / 1000;
    const equal = gaps.length === 0 && models.every(({ live, fresh }) => live === fresh);
    const differences = equal ? [] : await tx.query<Rebuilt['differences'][number]>(firstDifferences);
    return { models, gaps, conversations, facts, rate: Math.round(facts / seconds), equal, differences };
  });
}

async function replayAll(tx: Transaction): Promise<{ conversations: number; facts: number; gaps: Gap[] }> {
  const total = { conversations: 0, facts: 0, gaps: [] as Gap[] };
  for (let after = FIRST; ;) {
    const ids = await nextConversations(tx, after);
    if (ids.length === 0) return total;
    const facts = await factsOf(tx, ids);
    const replays = replay(ids, facts);
    await keep(tx, replays);
    total.conversations += ids.length;
    total.facts += facts.length;
    total.gaps.push(...replays.flatMap(({ gaps }) => gaps));
    after = ids.at(-1)!;
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** The next conversations by id, as many as make a portion by their own word of how much they hold. */
async function nextConversations(tx: Transaction, after: string): Promise<string[]> {
  const rows = await tx.query<{ id: string; size: number }>(
    {
      name: 'hub.rebuild.conversations',
      text: 'select id, version as size from hub.conversation where id > $1 order by id limit 1000',
    },
    [after],
  );
  let size = 0;
  const fit = rows.filter((row) => (size += row.size) <= PORTION);
  return (fit.length > 0 ? fit : rows.slice(0, 1)).map(({ id }) => id);
}

async function factsOf(tx: Transaction, ids: string[]): Promise<Fact[]> {
  return tx
    .query<Fact>({ name: 'hub.rebuild.facts', text: factsSql }, [ids])
    .then((rows) => rows.map(withoutBlanks));
}

const factsSql = `
  select e.conversation_id as conversation, e.version, e.id as entry, e.seq, e.kind, e.direction, e.author,
    case when e.kind = 'system' then e.payload end as act, hub.preview_of(e.text, e.attachments) as preview,
    e.ordered_at as "orderedAt", e.recorded_at::text as "recordedAt", null as change, null::jsonb as data, null as at
  from hub.entry e where e.conversation_id = any($1)
  union all
  select x.conversation_id, x.version, x.entry_id, null, null, null, null, null, null, null, null, x.kind, x.data, x.at::text
  from hub.change x where x.conversation_id = any($1)
  order by 1, 2`;

/** A row of the union as the one or the other kind of fact. */
function withoutBlanks(row: Fact): Fact {
  if ((row as { change: string | null }).change === null) delete (row as { change?: unknown }).change;
  return row;
}

function replay(ids: string[], facts: Fact[]): Replay[] {
  const replays = new Map(ids.map((id) => [id, new Replay(id)]));
  for (const fact of facts) replays.get(fact.conversation)!.add(fact);
  return [...replays.values()];
}

async function keep(tx: Transaction, replays: Replay[]): Promise<void> {
  await tx.query(keepConversations, [JSON.stringify(replays.map(({ conversation }) => conversation))]);
  await tx.query(keepDeliveries, [
    JSON.stringify(replays.flatMap(({ deliveries }) => [...deliveries.values()])),
  ]);
}

async function compare(tx: Transaction): Promise<ModelComparison[]> {
  const models: ModelComparison[] = [];
  for (const comparison of comparisons) models.push(...(await tx.query<ModelComparison>(comparison)));
  return models;
}
