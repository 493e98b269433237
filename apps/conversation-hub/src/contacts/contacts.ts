import { Inject, Injectable } from '@nestjs/common';
import type { Bus } from '@yixian/bus';
import type {
  Clock,
  Contact,
  ContactDetail,
  ContactId,
  ContactQuery,
  IdentityId,
  PatchContact,
} from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import type { Database, Transaction } from '@yixian/database';
import { BUS, CLOCK, DATABASE } from '@yixian/service';
import type { Actor } from '../conversations/actor.ts';
import { recorded } from '../conversations/events.ts';
import type { TimelineRecord } from '../conversations/events.ts';
import { plainJson, plainText } from '../conversations/plain-text.ts';
import { detailOf, suggestionsOf } from './contact-detail.ts';
import { searchContacts } from './contact-search.ts';
import { ContactRow } from './contact.entity.ts';
import { IdentityLinks } from './identity-links.ts';

/**
 * The contact as it stands after; `undefined` when there is no such contact or identity; `conflict` when there is
 * nothing to undo, or the contact to link to has itself gone to another.
 */
export type LinkOutcome = Contact | undefined | { outcome: 'conflict' };

/**
 * People, each a set of linked identities.
 *
 * The hub links by itself only what was proved: when an identity makes a verified claim (e-mail in lower case, phone as
 * digits and plus, external id within its issuer: the claim's evidence such as `jwt:<issuer>`, else the account) that
 * exactly one other contact proved too, and the identity lives alone in the contact it was born with, and no kind of
 * claim proved by both sides differs, and no person has parted the two before. Everything else that fits is kept as a
 * conflict for a person. Claims without proof never link; those that
 * another contact proved, or is reached at, are suggested until a person links or dismisses them.
 */
@Injectable()
export class Contacts {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** JSON text of ContactPage. Throws InvalidPosition. */
  search(query: ContactQuery): Promise<{ json: string }> {
    return searchContacts(this.database, query);
  }

  detail(id: ContactId): Promise<ContactDetail | undefined> {
    return detailOf(this.database, id);
  }

  /**
   * What an agent says of a contact wins over its channels; name null gives way to them again. Attributes are merged:
   * null takes one away.
   */
  patch(id: ContactId, patch: PatchContact, _by: Actor): Promise<Contact | undefined> {
    return this.database.transaction(async (tx) => {
      const contacts = tx.manager.getRepository(ContactRow);
      const row = await contacts.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!row) return undefined;
      if (patch.name !== undefined) row.givenName = plainText(patch.name ?? '').trim() || null;
      row.givenAttributes = merged(row.givenAttributes, patch.attributes ?? {});
      await contacts.save(row);
      return this.tell(tx, id);
    });
  }

  /** Moves an identity, with its conversations and entries, to this contact. Nothing happens when it is there. */
  link(contactId: ContactId, identityId: IdentityId, reason: string, by: Actor): Promise<LinkOutcome> {
    return this.move(
      (links) => links.link(contactId, identityId, newId<string>(), { by: by.name, reason }),
      contactId,
    );
  }

  /** Takes back the link that brought the identity here: everything of it is again where it was. */
  unlink(contactId: ContactId, identityId: IdentityId, reason: string, by: Actor): Promise<LinkOutcome> {
    return this.move(
      (links) => links.unlink(contactId, identityId, newId<string>(), { by: by.name, reason }),
      contactId,
    );
  }

  /** Says that a suggestion is wrong: it is not made again. False when it is not made (any more). */
  dismiss(contactId: ContactId, suggestionId: string, by: Actor): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const suggestion = (await suggestionsOf(tx, contactId)).find(({ id }) => id === suggestionId);
      if (!suggestion) return false;
      await tx.query({ name: 'hub.suggestion.dismiss', text: dismissal }, [
        suggestion.id,
        new Date(this.clock.now()),
        by.name,
      ]);
      const records: TimelineRecord[] = [];
      for (const id of [suggestion.contactId, suggestion.otherContactId].sort())
        records.push(await this.refresh(tx, id));
      await this.bus.publishWith(tx, recorded(records));
      return true;
    });
  }

  private move(
    work: (links: IdentityLinks) => Promise<TimelineRecord[] | undefined | 'conflict'>,
    contactId: ContactId,
  ): Promise<LinkOutcome> {
    return this.database.transaction(async (tx) => {
      const records = await work(new IdentityLinks(tx, Math.round(this.clock.now() * 1000)));
      if (records === 'conflict') return { outcome: 'conflict' as const };
      if (!records) return undefined;
      await this.bus.publishWith(tx, recorded(records));
      return contactIn(tx, contactId);
    });
  }

  private async tell(tx: Transaction, id: ContactId): Promise<Contact> {
    await this.bus.publishWith(tx, recorded([await this.refresh(tx, id)]));
    return contactIn(tx, id);
  }

  /** Derives anew what the contact shows; gives what others are to be told of it. */
  private async refresh(tx: Transaction, id: ContactId): Promise<TimelineRecord> {
    await tx.query({ name: 'hub.refresh_contact', text: 'select hub.refresh_contact($1)' }, [id]);
    const [row] = await tx.query<{ record: TimelineRecord }>(
      { name: 'hub.contact_changed', text: 'select to_json(hub.contact_changed($1)) as record' },
      [id],
    );
    return row!.record;
  }
}

const dismissal =
  'insert into hub.suggestion_dismissed (id, at, by) values ($1, $2, left($3, 200)) on conflict do nothing';

async function contactIn(tx: Transaction, id: ContactId): Promise<Contact> {
  const [row] = await tx.query<{ contact: Contact }>(
    {
      name: 'hub.contact.find',
      text: 'select hub.contact_json(t) as contact from hub.contact t where t.id = $1',
    },
    [id],
  );
  return row!.contact;
}

function merged(old: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const both = Object.entries({ ...old, ...(JSON.parse(plainJson(patch)) as object) });
  return Object.fromEntries(both.filter(([, value]) => value !== null));
}
