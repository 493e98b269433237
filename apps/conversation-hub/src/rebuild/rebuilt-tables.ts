/** The fresh tables, gone with the transaction; and what compares them with those in use. */
export const freshTables = `
  create temp table rebuilt_identity on commit drop as
    select i.id, coalesce(l.to_contact, hub.derived_id('contact', i.id::text)) as contact_id, c.id as conversation_id
    from hub.identity i
    left join (select distinct on (identity_id) identity_id, to_contact from hub.identity_link
               order by identity_id, position desc) l on l.identity_id = i.id
    left join hub.conversation c on c.identity_id = i.id and c.thread is null
      and not exists (select from hub.conversation later where later.previous_id = c.id);
  create unique index on rebuilt_identity (id);

  create temp table rebuilt_conversation (like hub.conversation including generated) on commit drop;
  create temp table rebuilt_delivery (like hub.delivery) on commit drop;
`;

/** $1: replayed conversations as JSON. What is not derived (whose it is, since when) is taken as it is. */
export const keepConversations = `
  insert into rebuilt_conversation (id, identity_id, contact_id, assignee_id, previous_id, created_at, closed_at,
    ordered_at, last_at, waiting_since, heard_at, version, last_seq, unread, read_seq, channel, account, address, state,
    assignee_name, preview_kind, preview_direction, preview_text, related_id, thread, subject)
  select c.id, c.identity_id, i.contact_id, r.assignee_id, c.previous_id, c.created_at, r.closed_at,
    r.ordered_at, coalesce(r.last_at, hub.micros(c.created_at)), r.waiting_since, r.heard_at, r.version, r.last_seq, r.unread, r.read_seq,
    c.channel, c.account, c.address, r.state, r.assignee_name, r.preview_kind, r.preview_direction, r.preview_text,
    c.related_id, c.thread, c.subject
  from json_populate_recordset(null::hub.conversation, $1::json) r
  join hub.conversation c on c.id = r.id join rebuilt_identity i on i.id = c.identity_id`;

/** $1: replayed deliveries as JSON. */
export const keepDeliveries = `
  insert into rebuilt_delivery select * from json_populate_recordset(null::hub.delivery, $1::json)`;

/** A hash of rows that does not mind their order: the sum of their 64-bit hashes. */
const hashOf = (row: string): string =>
  `coalesce(sum(hashtextextended((${row})::text, 0)::numeric), 0)::text`;

/** Each gives: name, rows, hash of the table in use, hash of the fresh one. */
export const comparisons = [
  `select 'conversation' as model, (select count(*) from hub.conversation) as rows,
    (select ${hashOf('c')} from hub.conversation c) as live, (select ${hashOf('c')} from rebuilt_conversation c) as fresh`,
  `select 'delivery' as model, (select count(*) from hub.delivery) as rows,
    (select ${hashOf('d')} from hub.delivery d) as live, (select ${hashOf('d')} from rebuilt_delivery d) as fresh`,
  `select 'identity' as model, (select count(*) from hub.identity) as rows,
    (select ${hashOf('(i.id, i.contact_id, i.conversation_id)')} from hub.identity i) as live,
    (select ${hashOf('(i.id, i.contact_id, i.conversation_id)')} from rebuilt_identity i) as fresh`,
  `select 'thread' as model, (select count(*) from hub.thread) as rows,
    (select ${hashOf('(h.identity_id, h.thread, h.conversation_id)')} from hub.thread h) as live,
    (select ${hashOf('(c.identity_id, c.thread, c.id)')} from hub.conversation c where c.thread is not null
      and not exists (select from hub.conversation later where later.previous_id = c.id)) as fresh`,
  `select 'contact' as model, count(*) as rows, ${hashOf('(t.id, t.name, t.avatar_url, t.locale, t.attributes, t.search)')} as live,
    ${hashOf('(t.id, d.name, d.avatar_url, d.locale, d.attributes, d.search)')} as fresh
    from hub.contact t, hub.derive_contact(t.id) d`,
  `select 'entry' as model, count(*) as rows, ${hashOf('(e.id, e.contact_id)')} as live, ${hashOf('(e.id, c.contact_id)')} as fresh
    from hub.entry e left join rebuilt_conversation c on c.id = e.conversation_id`,
];

/** The first conversations that differ, to look at. */
export const firstDifferences = `
  select coalesce(c.id, r.id) as id, to_jsonb(c) as live, to_jsonb(r) as fresh
  from hub.conversation c full join rebuilt_conversation r on r.id = c.id
  where c::text is distinct from r::text order by 1 limit 5`;
