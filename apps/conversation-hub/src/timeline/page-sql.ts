import type { NamedStatement } from '@yixian/database';

export interface PageShape {
  /** Whether the page is cut at a place; else it is the newest. */
  placed: boolean;
  /** Whether the entry at the place itself counts as older. */
  inclusive: boolean;
  /** `rare`: no messages among them, so that a smaller index serves. */
  kinds: 'any' | 'rare' | undefined;
}

const filters = {
  any: 'and e.kind = any($6)',
  rare: `and e.kind = any($6) and e.kind <> 'message'`,
  none: '',
};

/**
 * A page in one statement: $1 contact, $2 how many older and $3 how many newer than the place at $4 (microseconds) and
 * $5 (id), $6 kinds. Each half reads its index from the place on, one row further than it shows, which tells whether
 * there is more. Nothing is counted, so that the page costs the same at every size of the timeline. The last conditions
 * only give a type to parameters that this shape does not use: PostgreSQL refuses those without.
 */
export function pageSql({ placed, inclusive, kinds }: PageShape): NamedStatement {
  const half = (side: 'older' | 'newer'): string => {
    const compare = side === 'older' ? (inclusive ? '<=' : '<') : inclusive ? '>' : '>=';
    const order = side === 'older' ? 'desc' : 'asc';
    return `
      select e, '${side}' as side, row_number() over (order by e.ordered_at ${order}, e.id ${order}) as n
      from hub.entry e
      where e.contact_id = $1 ${filters[kinds ?? 'none']} ${placed ? `and (e.ordered_at, e.id) ${compare} ($4, $5)` : ''}
      order by e.ordered_at ${order}, e.id ${order}
      limit ${side === 'older' ? '$2' : '$3'}::int + 1`;
  };
  const shown = `n <= case side when 'older' then $2::int else $3::int end`;
  const name = `hub.timeline.${placed ? 'placed' : 'newest'}.${inclusive ? 'after' : 'before'}.${kinds ?? 'all'}`;
  return {
    name,
    text: `
      with half as (
        (${half('older')})
        ${placed ? `union all (${half('newer')})` : ''}
      ), page as (
        select json_agg(hub.entry_json(h.e, d) order by (h.e).ordered_at, (h.e).id) filter (where ${shown}) as entries,
          min((h.e).ordered_at || '_' || (h.e).id) filter (where ${shown}) as first,
          max((h.e).ordered_at || '_' || (h.e).id) filter (where ${shown}) as last,
          bool_or(side = 'older' and not ${shown}) as older,
          bool_or(side = 'newer' and not ${shown}) as newer
        from half h left join hub.delivery d on d.entry_id = (h.e).id and (h.e).direction = 'out'
      )
      select json_build_object('entries', coalesce(p.entries, '[]'), 'first', p.first, 'last', p.last,
        'older', coalesce(p.older, false), 'newer', coalesce(p.newer, false))::text as json
      from page p
      where exists (select from hub.contact t where t.id = $1)
        and ($3::int is not null and $4::bigint is null or true) and ($5::uuid is null or true) and ($6::text[] is null or true)`,
  };
}
