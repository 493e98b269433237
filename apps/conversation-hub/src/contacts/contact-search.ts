import type { ContactQuery } from '@yixian/contracts';
import type { Queryable } from '@yixian/database';
import { plainText } from '../conversations/plain-text.ts';
import { parsePosition } from '../conversations/position.ts';

/**
 * $1 the query, $2 limit, $3 and $4 the position to go on from or null. A contact whose identities all went to others
 * is not found: it is only kept so that they can come back.
 */
const pageOf = (searches: boolean, goesOn: boolean): string => `
  with page as materialized (
    select t, row_number() over (order by t.created_at desc, t.id desc) as n
    from hub.contact t
    where ${searches ? 't.search like hub.search_pattern($1)' : '$1::text is not null'}
      and ${goesOn ? '(t.created_at, t.id) < (hub.at($3), $4)' : '($3::bigint is null and $4::uuid is null)'}
      and exists (select from hub.identity i where i.contact_id = t.id)
    order by t.created_at desc, t.id desc limit $2 + 1
  )
  select json_build_object(
    'contacts', coalesce(json_agg(hub.contact_json(p.t) order by p.n) filter (where p.n <= $2), '[]'),
    'next', case when count(*) > $2
      then max(hub.micros((p.t).created_at) || '_' || (p.t).id) filter (where p.n = $2) end)::text as json
  from page p`;

/**
 * Contacts whose name, address or claims hold the query somewhere, the newest first, as JSON text of ContactPage.
 * Throws InvalidPosition.
 */
export async function searchContacts(on: Queryable, query: ContactQuery): Promise<{ json: string }> {
  const words = plainText(query.query).trim();
  const from = query.cursor === undefined ? undefined : parsePosition(query.cursor);
  const name = `hub.contacts.${words ? 'search' : 'all'}.${from ? 'more' : 'first'}`;
  const [row] = await on.query<{ json: string }>({ name, text: pageOf(words !== '', from !== undefined) }, [
    words,
    query.limit,
    from?.at ?? null,
    from?.id ?? null,
  ]);
  return row!;
}
