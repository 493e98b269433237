import type { Contact, ContactDetail, ContactId, Conversation, IdentityId } from '@yixian/contracts';
import type { Database, Queryable } from '@yixian/database';
import { In, IsNull } from 'typeorm';
import { IdentityConflictRow } from './identity-conflict.entity.ts';
import { IdentityLinkRow } from './identity-link.entity.ts';

/** The most conversations and links a detail brings; the newest. */
const MOST = 500;

/** All that the desk shows beside a timeline. `undefined` when there is no such contact. */
export async function detailOf(database: Database, id: ContactId): Promise<ContactDetail | undefined> {
  const contact = await contactOf(database, id);
  if (!contact) return undefined;
  const [conversations, links, conflicts, suggestions] = await Promise.all([
    conversationsOf(database, id),
    linksOf(database, id),
    conflictsOf(database, contact),
    suggestionsOf(database, id),
  ]);
  return { contact, conversations, links, conflicts, suggestions };
}

async function contactOf(database: Database, id: ContactId): Promise<Contact | undefined> {
  const [row] = await database.query<{ contact: Contact }>(
    {
      name: 'hub.contact.find',
      text: 'select hub.contact_json(t) as contact from hub.contact t where t.id = $1',
    },
    [id],
  );
  return row?.contact;
}

async function conversationsOf(database: Database, id: ContactId): Promise<Conversation[]> {
  const rows = await database.query<{ conversation: Conversation }>(
    {
      name: 'hub.contact.conversations',
      text: `select hub.conversation_json(c, t) as conversation
        from hub.conversation c join hub.contact t on t.id = c.contact_id
        where c.contact_id = $1 order by c.last_at desc, c.id desc limit ${MOST}`,
    },
    [id],
  );
  return rows.map(({ conversation }) => conversation);
}

/** Every coming and going that touched this contact. */
async function linksOf(database: Database, id: ContactId): Promise<ContactDetail['links']> {
  const rows = await database.source.getRepository(IdentityLinkRow).find({
    where: [{ fromContact: id }, { toContact: id }],
    order: { position: 'DESC' },
    take: MOST,
  });
  return rows.map((row) => ({
    id: row.id,
    identityId: row.identityId as IdentityId,
    from: row.fromContact as ContactId,
    to: row.toContact as ContactId,
    act: row.act,
    by: row.by,
    evidence: row.evidence,
    undoes: row.undoes,
    at: row.at.toISOString(),
  }));
}

/** The open ones, from either side. */
async function conflictsOf(database: Database, contact: Contact): Promise<ContactDetail['conflicts']> {
  const rows = await database.source.getRepository(IdentityConflictRow).find({
    where: [
      { identityId: In(contact.identities.map((identity) => identity.id)), resolvedAt: IsNull() },
      { otherContactId: contact.id, resolvedAt: IsNull() },
    ],
    order: { at: 'DESC' },
    take: MOST,
  });
  return rows.map((row) => ({
    id: row.id,
    identityId: row.identityId as IdentityId,
    otherContactId: row.otherContactId as ContactId,
    claim: row.claim,
    at: row.at.toISOString(),
  }));
}

/** Claims without proof that would fit, from either side. */
export async function suggestionsOf(on: Queryable, id: ContactId): Promise<ContactDetail['suggestions']> {
  return on.query<ContactDetail['suggestions'][number]>(
    {
      name: 'hub.contact.suggestions',
      text: `select id, identity_id as "identityId", contact_id as "contactId", other_contact_id as "otherContactId",
          claim, false as verified from hub.suggestions_of($1)`,
    },
    [id],
  );
}
