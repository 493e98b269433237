// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const keys = `
-- A claim in a form that can be compared, as hub.claim_keys makes it of the verified ones.
create function hub.claim_key(claim jsonb, channel text, account text) returns text
language sql immutable parallel safe as $$
  select (hub.claim_keys(jsonb_build_array(claim || '{"verified": true}'), channel, account))[1]
$$;

-- The claims without proof.
create function hub.told_keys(claims jsonb, channel text, account text) returns text[]
language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct hub.claim_key(c, channel, account)), '{}')
  from jsonb_array_elements(claims) c where not (c->>'verified')::boolean
$$;

-- What others' claims without proof are held against: what was proved, and the address itself where it is a claim too,
-- as an e-mail address or a phone number is.
create function hub.own_keys(claims jsonb, channel text, account text, address text) returns text[]
language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct hub.claim_key(c, channel, account)), '{}')
  from jsonb_array_elements(claims) c
  where (c->>'verified')::boolean or c->>'kind' in ('email', 'phone')
    and hub.claim_key(c, channel, account) = hub.claim_key(jsonb_set(c, '{value}', to_jsonb(address)), channel, account)
$$;

alter table hub.identity
  add column told_keys text[] not null generated always as (hub.told_keys(claims, channel, account)) stored,
  add column own_keys text[] not null generated always as (hub.own_keys(claims, channel, account, address)) stored;
create index identity_told_keys on hub.identity using gin (told_keys) where told_keys <> '{}';
create index identity_own_keys on hub.identity using gin (own_keys) where own_keys <> '{}';
`;

const suggestions = `
-- What a person said is not so. Named by both identities and the claim, so that it stays said wherever they move.
create table hub.suggestion_dismissed (
  id uuid primary key,
  at timestamptz not null,
  by text not null
);

-- The claims without proof that link a contact with another, from either side, unless a person parted or dismissed them.
create function hub.suggestions_of(of_contact uuid)
returns table (id uuid, identity_id uuid, contact_id uuid, other_contact_id uuid, claim text)
language sql stable as $$
  with own as materialized (
    select i as o, i.* from hub.identity i where i.contact_id = of_contact
  ), pair as (
    select o.o as teller, x as holder, x.contact_id as stranger, 1 as side
    from own o join hub.identity x on x.own_keys && o.told_keys and x.own_keys <> '{}' and x.contact_id <> o.contact_id
    where o.told_keys <> '{}'
    union all
    select x, o.o, x.contact_id, 2
    from own o join hub.identity x on x.told_keys && o.own_keys and x.told_keys <> '{}' and x.contact_id <> o.contact_id
    where o.own_keys <> '{}'
  ), suggested as (
    select distinct on (p.stranger, k.key)
      hub.derived_id('suggestion', (p.teller).id::text, (p.holder).id::text, k.key) as id,
      (p.teller).id as identity_id, (p.teller).contact_id, (p.holder).contact_id as other_contact_id,
      (c->>'kind') || ' ' || (c->>'value') as claim
    from pair p, jsonb_array_elements((p.teller).claims) c,
      lateral (select hub.claim_key(c, (p.teller).channel, (p.teller).account) as key) k
    where not (c->>'verified')::boolean and k.key = any((p.holder).own_keys)
    order by p.stranger, k.key, p.side, (p.teller).created_at, (p.teller).id, (p.holder).created_at, (p.holder).id
  )
  select s.* from suggested s
  where not exists (select from hub.suggestion_dismissed d where d.id = s.id)
    and not exists (select from hub.identity_link l
      where l.identity_id = s.identity_id and l.act = 'unlink' and l.from_contact = s.other_contact_id)
  order by s.id limit 50
$$;
`;

export class HubSuggestions1795613400002 implements MigrationInterface {
  readonly name = 'HubSuggestions1795613400002';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [keys, suggestions]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
