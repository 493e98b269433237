// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const claims = `
-- All claims ever made, one per kind and value: a proof is never taken back by a later word without one. 50 at most,
-- proved ones first.
create function hub.merge_claims(old jsonb, new jsonb) returns jsonb
language sql immutable parallel safe as $$
  select coalesce(jsonb_agg(claim), '[]')
  from (
    select claim
    from (
      select distinct on (claim->>'kind', claim->>'value') claim, age
      from (select c as claim, 1 as age from jsonb_array_elements(new) c
            union all select c, 2 from jsonb_array_elements(old) c) every
      order by claim->>'kind', claim->>'value', (claim->>'verified')::boolean desc, age
    ) best
    order by (claim->>'verified')::boolean desc, age, claim->>'kind', claim->>'value'
    limit 50
  ) kept
$$;

-- Whether the old claims already say all that the new ones do; a proof covers the same claim without one.
create function hub.claims_known(old jsonb, new jsonb) returns boolean
language sql immutable parallel safe as $$
  select old @> new or not exists (
    select from jsonb_array_elements(new) c
    where not old @> jsonb_build_array(c) and not old @> jsonb_build_array((c - 'evidence') || '{"verified": true}'))
$$;

-- The verified claims in a form that can be compared: scope and value, a line break between. An e-mail address is
-- taken in lower case, a phone number as its digits and plus. An external id means something only to who issued it:
-- its scope is the evidence (jwt:<issuer>), or else the account it was told on.
create function hub.claim_keys(claims jsonb, channel text, account text) returns text[]
language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct key order by key), '{}')
  from jsonb_array_elements(claims) c, lateral (
    select case c->>'kind'
      when 'email' then 'email' || E'\\n' || lower(trim(c->>'value'))
      when 'phone' then 'phone' || E'\\n' || regexp_replace(c->>'value', '[^0-9+]', '', 'g')
      else 'external:' || translate(coalesce(c->>'evidence', channel || ':' || account), E'\\n', ' ') || E'\\n' || (c->>'value')
    end as key) k
  where (c->>'verified')::boolean
$$;

-- Whether a sender says something new of an identity.
create function hub.profile_differs(i hub.identity, sender jsonb) returns boolean
language sql immutable parallel safe
return coalesce(nullif(sender->>'name', '') <> coalesce(i.display_name, ''), false)
  or coalesce(nullif(sender->>'avatarUrl', '') <> coalesce(i.avatar_url, ''), false)
  or coalesce(nullif(sender->>'locale', '') <> coalesce(i.locale, ''), false)
  or coalesce(not i.attributes @> (sender->'attributes'), false)
  or coalesce(sender->'claims' <> '[]' and not hub.claims_known(i.claims, sender->'claims'), false);
`;

const contacts = `
-- Derives what a contact shows from its identities, the oldest first, and from what an agent gave it. Whether that
-- changed anything. Nothing here remembers: when an identity leaves, what it brought leaves with it.
create function hub.refresh_contact(of_contact uuid) returns boolean
language plpgsql as $$
begin
  update hub.contact t set name = d.name, avatar_url = d.avatar_url, locale = d.locale, attributes = d.attributes,
    search = d.search
  from hub.derive_contact(of_contact) d
  where t.id = of_contact and (t.name, t.avatar_url, t.locale, t.attributes, t.search)
    is distinct from (d.name, d.avatar_url, d.locale, d.attributes, d.search);
  return found;
end $$;

create function hub.derive_contact(of_contact uuid)
returns table (name text, avatar_url text, locale text, attributes jsonb, search text)
language sql stable as $$
  with own as (
    select i.*, row_number() over (order by i.created_at, i.id) as place
    from hub.identity i where i.contact_id = of_contact
  ), said as (
    select t.given_name, t.given_attributes,
      coalesce(t.given_name, (select o.display_name from own o where o.display_name is not null order by place limit 1)) as name,
      (select o.avatar_url from own o where o.avatar_url is not null order by place limit 1) as avatar_url,
      (select o.locale from own o where o.locale is not null order by place limit 1) as locale,
      (select jsonb_object_agg(a.key, a.value order by o.place desc) from own o, jsonb_each(o.attributes) a) as attributes,
      (select string_agg(concat_ws(' ', o.display_name, o.address,
         (select string_agg(c->>'value', ' ') from jsonb_array_elements(o.claims) c)), ' ' order by place) from own o) as words
    from hub.contact t where t.id = of_contact
  )
  select said.name, said.avatar_url, said.locale, coalesce(said.attributes, '{}') || said.given_attributes,
    hub.searchable(concat_ws(' ', said.name, said.words))
  from said
$$;

-- Raises the version of a contact and tells of it.
create function hub.contact_changed(of_contact uuid) returns bus.record
language plpgsql as $$
declare
  t hub.contact;
begin
  update hub.contact c set version = c.version + 1 where c.id = of_contact returning * into t;
  return hub.timeline_record(t.id, json_build_object('kind', 'contact.changed',
    'id', hub.derived_id('contact.changed', t.id::text, t.version::text), 'contact', hub.contact_json(t)));
end $$;
`;

/**
 * Trigrams need three characters, and half of all Chinese names have two. So each pair of neighbouring ideographs is
 * written behind the text as a word of its own: the beginning of a word is a trigram too ("  张", " 张三").
 */
const search = `
create function hub.searchable(text text) returns text
language sql immutable parallel safe as $$
  select lower(text) || coalesce((
    select string_agg(' ' || substr(run.chars, place, 2), '')
    from (select (regexp_matches(text, '[\\u3400-\\u9fff\\uf900-\\ufaff]+', 'g'))[1] as chars) run,
      generate_series(1, length(run.chars)) as place), '')
$$;

-- The LIKE pattern that finds the words of a query in hub.searchable.
create function hub.search_pattern(query text) returns text
language sql immutable parallel safe as $$
  select case when query ~ '^[\\u3400-\\u9fff\\uf900-\\ufaff]{1,2}$' then '% ' || query || '%'
    else '%' || regexp_replace(lower(query), '([\\\\%_])', '\\\\\\1', 'g') || '%' end
$$;
`;

const links = `
-- Who links, links alone: two that assert the same claim at the same time must see each other.
create function hub.lock_links() returns void
language sql return pg_advisory_xact_lock(7239, 1);

-- Moves an identity, with all its conversations and entries, to another contact, and writes down who did it and why.
-- Gives the records to publish. The caller holds hub.lock_links.
create function hub.move_identity(
  of_identity uuid, target uuid, link_id uuid, act text, by text, evidence text, undoes uuid, now bigint
) returns bus.record[]
language plpgsql as $$
declare
  i hub.identity;
  records bus.record[];
  moved record;
begin
  perform 1 from hub.contact t
    where t.id in (target, (select x.contact_id from hub.identity x where x.id = of_identity)) order by t.id for update;
  select * into i from hub.identity x where x.id = of_identity for update;
  insert into hub.identity_link (id, identity_id, from_contact, to_contact, undoes, at, act, by, evidence)
    values (link_id, i.id, i.contact_id, target, undoes, hub.at(now), act, left(by, 200), left(evidence, 500));
  update hub.identity x set contact_id = target where x.id = i.id;
  update hub.identity_conflict k set resolved_at = hub.at(now)
    where k.identity_id = i.id and k.other_contact_id = target and k.resolved_at is null;
  perform hub.refresh_contact(i.contact_id), hub.refresh_contact(target);
  records := array[
    hub.timeline_record(i.id, json_build_object('kind', 'identity.moved',
      'id', hub.derived_id('identity.moved', link_id::text), 'identityId', i.id, 'from', i.contact_id, 'to', target,
      'act', act, 'by', left(by, 200), 'evidence', left(evidence, 500), 'occurredAt', hub.iso(now))),
    hub.contact_changed(i.contact_id), hub.contact_changed(target)];
  for moved in
    select c.id from hub.conversation c where c.contact_id = i.contact_id and c.identity_id = i.id order by c.id for update
  loop
    update hub.entry e set contact_id = target where e.conversation_id = moved.id;
    records := records || hub.timeline_record(moved.id, hub.record_change(moved.id, 'moved', by,
      jsonb_build_object('from', i.contact_id, 'to', target, 'link', link_id), jsonb_build_object('contactId', target), now));
  end loop;
  return records;
end $$;

-- Whether two contacts cannot be one person by what was proved: in some scope both have values and share none.
create function hub.contacts_clash(one uuid, other uuid) returns boolean
language sql stable as $$
  with a as (select split_part(key, E'\\n', 1) as scope, key from hub.identity i, unnest(i.keys) key where i.contact_id = one),
       b as (select split_part(key, E'\\n', 1) as scope, key from hub.identity i, unnest(i.keys) key where i.contact_id = other)
  select exists (select from a join b using (scope) group by scope having bool_and(a.key <> b.key))
$$;

-- An identity that lives alone in the contact it was born with, and that nobody parted from the target, may be moved
-- there without asking a person.
create function hub.may_follow(i hub.identity, target uuid) returns boolean
language sql stable as $$
  select i.contact_id = hub.derived_id('contact', i.id::text)
    and not exists (select from hub.identity x where x.contact_id = i.contact_id and x.id <> i.id)
    and not exists (select from hub.identity_link l where l.identity_id = i.id and l.act = 'unlink' and l.from_contact = target)
$$;

-- Links an identity to the contact that proved the same, or keeps the conflict for a person. Gives the records.
create function hub.match_identity(of_identity uuid, cause uuid, now bigint) returns bus.record[]
language plpgsql as $$
declare
  i hub.identity;
  other hub.identity;
  targets uuid[];
  proof text;
begin
  select * into i from hub.identity x where x.id = of_identity;
  targets := array(select distinct x.contact_id from hub.identity x
    where x.keys && i.keys and x.keys <> '{}' and x.contact_id <> i.contact_id order by 1);
  if cardinality(targets) = 0 then
    return '{}';
  end if;
  if cardinality(targets) = 1 and not hub.contacts_clash(i.contact_id, targets[1]) then
    select * into other from hub.identity x where x.contact_id = targets[1] and x.keys && i.keys order by x.created_at, x.id limit 1;
    proof := hub.common_claim(i, targets[1]);
    if hub.may_follow(i, targets[1]) then
      return hub.move_identity(i.id, targets[1], hub.derived_id('link', cause::text, i.id::text, targets[1]::text),
        'link', 'system', proof, null, now);
    elsif hub.may_follow(other, i.contact_id) then
      return hub.move_identity(other.id, i.contact_id, hub.derived_id('link', cause::text, other.id::text, i.contact_id::text),
        'link', 'system', proof, null, now);
    end if;
  end if;
  insert into hub.identity_conflict (id, identity_id, other_contact_id, at, claim)
    select hub.derived_id('conflict', i.id::text, target::text, claim), i.id, target, hub.at(now), claim
    from unnest(targets) target, hub.common_claim(i, target) claim
    on conflict do nothing;
  return '{}';
end $$;

-- The claim that an identity shares with a contact, in words for the record: email a@b.example (dkim:b.example).
create function hub.common_claim(i hub.identity, target uuid) returns text
language sql stable as $$
  select (c->>'kind') || ' ' || (c->>'value') || coalesce(' (' || (c->>'evidence') || ')', '')
  from jsonb_array_elements(i.claims) c
  where hub.claim_keys(jsonb_build_array(c), i.channel, i.account) && array(
    select key from hub.identity x, unnest(x.keys) key where x.contact_id = target)
  order by 1 limit 1
$$;
`;

const identities = `
-- The identity of an address, made with a contact of its own when it is new. Ids are derived: whoever makes it, makes
-- the same.
create function hub.ensure_identity(of_channel text, of_account text, of_address text, now bigint) returns uuid
language plpgsql as $$
declare
  identity uuid := hub.derived_id('identity', of_channel, of_account, of_address);
  contact uuid := hub.derived_id('contact', identity::text);
begin
  perform 1 from hub.identity x where x.id = identity;
  if not found then
    insert into hub.contact (id, created_at, search) values (contact, hub.at(now), hub.searchable(of_address))
      on conflict do nothing;
    insert into hub.identity (id, contact_id, created_at, channel, account, address)
      values (identity, contact, hub.at(now), of_channel, of_account, of_address) on conflict do nothing;
  end if;
  return identity;
end $$;

-- Takes in what a channel says of an identity. Gives the records to publish.
create function hub.assert_identity(of_identity uuid, sender jsonb, cause uuid, now bigint) returns bus.record[]
language plpgsql as $$
declare
  i hub.identity;
  proved text[];
  records bus.record[] := '{}';
begin
  select * into i from hub.identity x where x.id = of_identity for update;
  if not hub.profile_differs(i, sender) then
    return records;
  end if;
  proved := i.keys;
  i.claims := hub.merge_claims(i.claims, coalesce(sender->'claims', '[]'));
  i.keys := hub.claim_keys(i.claims, i.channel, i.account);
  update hub.identity x set
    display_name = coalesce(nullif(sender->>'name', ''), x.display_name),
    avatar_url = coalesce(nullif(sender->>'avatarUrl', ''), x.avatar_url),
    locale = coalesce(nullif(sender->>'locale', ''), x.locale),
    attributes = x.attributes || coalesce(sender->'attributes', '{}'),
    claims = i.claims, keys = i.keys, verified = cardinality(i.keys) > 0
  where x.id = i.id;
  perform hub.refresh_contact(i.contact_id);
  records := array[hub.contact_changed(i.contact_id)];
  if i.keys <> '{}' and not i.keys <@ proved then
    records := records || hub.match_identity(i.id, cause, now);
  end if;
  return records;
end $$;

-- The identity's newest conversation, or a new one when there is none or it was closed too long ago to be reopened.
create function hub.ensure_conversation(of_identity uuid, cause uuid, reopen_days int, now bigint) returns void
language plpgsql as $$
declare
  i hub.identity;
  latest hub.conversation;
  fresh uuid := hub.derived_id('conversation', of_identity::text, cause::text);
begin
  select * into i from hub.identity x where x.id = of_identity for update;
  select * into latest from hub.conversation c where c.id = i.conversation_id;
  if latest.id is null or hub.is_over(latest.state, latest.closed_at, reopen_days, now) then
    insert into hub.conversation (id, identity_id, contact_id, previous_id, created_at, last_at, channel, account, address)
      values (fresh, i.id, i.contact_id, latest.id, hub.at(now), now, i.channel, i.account, i.address);
    update hub.identity x set conversation_id = fresh where x.id = i.id;
  end if;
end $$;

create function hub.is_over(state text, closed_at timestamptz, reopen_days int, now bigint) returns boolean
language sql immutable parallel safe
return state = 'closed' and closed_at < hub.at(now - reopen_days * 86400000000);
`;

export class HubRecordContacts1795309200002 implements MigrationInterface {
  readonly name = 'HubRecordContacts1795309200002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local check_function_bodies = off');
    for (const sql of [claims, search, contacts, links, identities]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
