import type { ContactId, ConversationId, DeskEvent } from '@yixian/contracts';
import type { Queryable } from '@yixian/database';

/** What changed since a browser last heard; `reset` when it was too much to tell, or makes no sense. */
export interface Missed {
  missed: DeskEvent[];
  reset: boolean;
}

/** More changes than this are not told one by one: a fresh page is cheaper. */
const MOST = 500;

/** $1 the contact, $2 and $3 ids and versions of the conversations that the browser holds. */
const behind = {
  name: 'hub.missed.behind',
  text: `
    select c.id, c.version - coalesce(h.version, 0) as missed
    from hub.conversation c left join unnest($2::uuid[], $3::int[]) as h (id, version) on h.id = c.id
    where (c.contact_id = $1 or c.id = any($2)) and c.version <> coalesce(h.version, 0)`,
};

/**
 * Each version since, as it was written: an entry, or a change. The conversation beside each is the row of today with
 * that version's number, so that the last one is exactly what stands. Of a conversation that left the contact only the
 * row is told. seq grows no faster than version, which bounds the entries to look at.
 */
const changes = {
  name: 'hub.missed.changes',
  text: `
    with behind as materialized (
      select c, coalesce(h.version, 0) as seen
      from hub.conversation c left join unnest($2::uuid[], $3::int[]) as h (id, version) on h.id = c.id
      where (c.contact_id = $1 or c.id = any($2)) and c.version > coalesce(h.version, 0)
    )
    select step.event
    from behind b left join hub.contact t on t.id = (b.c).contact_id, lateral (
      select e.version, json_build_object('type', 'entry', 'conversation', hub.conversation_json(b.c, t, e.version,
        (b.c).last_seq, (b.c).unread, (b.c).last_at, (b.c).preview_kind, (b.c).preview_direction, (b.c).preview_text),
        'entry', hub.entry_json(e, d)) as event
      from hub.entry e left join hub.delivery d on d.entry_id = e.id
      where (b.c).contact_id = $1 and e.conversation_id = (b.c).id and e.version > b.seen and e.version <= (b.c).version
        and e.seq > (b.c).last_seq - ((b.c).version - b.seen)
      union all
      select x.version, case when x.kind = 'delivery' then json_build_object('type', 'delivery',
          'conversationId', (b.c).id, 'contactId', (b.c).contact_id, 'version', x.version, 'entryId', x.entry_id,
          'delivery', x.data || jsonb_build_object('at', hub.iso(x.at)))
        else json_build_object('type', 'conversation', 'conversation', hub.conversation_json(b.c, t, x.version,
          (b.c).last_seq, (b.c).unread, (b.c).last_at, (b.c).preview_kind, (b.c).preview_direction, (b.c).preview_text)) end
      from hub.change x
      where (b.c).contact_id = $1 and x.conversation_id = (b.c).id and x.version > b.seen and x.version <= (b.c).version
      union all
      select (b.c).version, json_build_object('type', 'conversation', 'conversation', hub.conversation_json(b.c, t))
      where (b.c).contact_id <> $1
    ) step
    order by (b.c).last_at, (b.c).id, step.version`,
};

/**
 * What a browser missed of a contact's conversations: every version after the one it holds, in order, without a hole.
 * A conversation that it does not name counts as version 0, so it should name all that the contact's detail lists.
 */
export async function missedOf(
  on: Queryable,
  contactId: ContactId,
  have: [ConversationId, number][],
): Promise<Missed> {
  const held = [contactId, have.map(([id]) => id), have.map(([, version]) => version)];
  const gaps = await on.query<{ missed: number }>(behind, held);
  const count = gaps.reduce((sum, { missed }) => sum + missed, 0);
  if (count > MOST || gaps.some(({ missed }) => missed < 0)) return { missed: [], reset: true };
  if (count === 0) return { missed: [], reset: false };
  const steps = await on.query<{ event: DeskEvent }>(changes, held);
  return { missed: steps.map(({ event }) => event), reset: false };
}
