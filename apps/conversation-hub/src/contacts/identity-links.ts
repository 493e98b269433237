import type { ContactId, IdentityId } from '@yixian/contracts';
import type { Queryable } from '@yixian/database';
import type { TimelineRecord } from '../conversations/events.ts';

/** Who moves an identity, and why. */
export interface Because {
  by: string;
  reason: string;
}

interface Standing {
  contactId: ContactId;
  /** Whether the contact to link to exists, and still has identities of its own. */
  targetLives: boolean | null;
  /** The link that brought the identity where it is, unless that was undone or it is at home. */
  link: { id: string; from: ContactId } | null;
}

/** Links and their undoing, inside one transaction. `now` is in microseconds since 1970. */
export class IdentityLinks {
  constructor(
    private readonly tx: Queryable,
    private readonly now: number,
  ) {}

  /** The records to publish; none when the identity is there already; `undefined` when either does not exist. */
  async link(
    to: ContactId,
    identityId: IdentityId,
    linkId: string,
    why: Because,
  ): Promise<TimelineRecord[] | undefined | 'conflict'> {
    const standing = await this.standing(identityId, to);
    if (!standing || standing.targetLives === null) return undefined;
    if (standing.contactId === to) return [];
    if (!standing.targetLives) return 'conflict';
    return this.moveIdentity(identityId, to, { linkId, act: 'link', undoes: null, ...why });
  }

  /** The records to publish; `conflict` when no link brought the identity to this contact. */
  async unlink(
    from: ContactId,
    identityId: IdentityId,
    linkId: string,
    why: Because,
  ): Promise<TimelineRecord[] | undefined | 'conflict'> {
    const standing = await this.standing(identityId, from);
    if (!standing || standing.targetLives === null) return undefined;
    if (standing.contactId !== from || !standing.link) return 'conflict';
    const { id: undoes, from: home } = standing.link;
    return this.moveIdentity(identityId, home, { linkId, act: 'unlink', undoes, ...why });
  }

  private async standing(identityId: IdentityId, contact: ContactId): Promise<Standing | undefined> {
    await this.tx.query({ name: 'hub.lock_links', text: 'select hub.lock_links()' });
    const [row] = await this.tx.query<Standing>(
      {
        name: 'hub.identity.standing',
        text: `
          select i.contact_id as "contactId",
            (select exists (select from hub.identity x where x.contact_id = t.id)
             from hub.contact t where t.id = $2) as "targetLives",
            (select json_build_object('id', l.id, 'from', l.from_contact)
             from hub.identity_link l
             where l.identity_id = i.id and l.act = 'link' and l.to_contact = i.contact_id
               and not exists (select from hub.identity_link u where u.undoes = l.id)
             order by l.position desc limit 1) as link
          from hub.identity i where i.id = $1`,
      },
      [identityId, contact],
    );
    return row;
  }

  private async moveIdentity(
    identityId: IdentityId,
    to: ContactId,
    how: Because & { linkId: string; act: 'link' | 'unlink'; undoes: string | null },
  ): Promise<TimelineRecord[]> {
    const [row] = await this.tx.query<{ records: TimelineRecord[] }>(
      {
        name: 'hub.move_identity',
        text: 'select to_json(hub.move_identity($1, $2, $3, $4, $5, $6, $7, $8)) as records',
      },
      [identityId, to, how.linkId, how.act, how.by, how.reason, how.undoes, this.now],
    );
    return row!.records;
  }
}
