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
import type { Database } from '@yixian/database';
import { BUS, CLOCK, DATABASE } from '@yixian/service';
import type { Actor } from '../conversations/actor.ts';

/** The contact as it stands after; `undefined` when there is no such contact or identity. */
export type LinkOutcome = Contact | undefined | { outcome: 'conflict' };

@Injectable()
export class Contacts {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  declare search: (query: ContactQuery) => Promise<{ json: string }>;
  declare detail: (id: ContactId) => Promise<ContactDetail | undefined>;
  declare patch: (id: ContactId, patch: PatchContact, by: Actor) => Promise<Contact | undefined>;
  declare link: (contact: ContactId, identity: IdentityId, reason: string, by: Actor) => Promise<LinkOutcome>;
  declare unlink: (contact: ContactId, identity: IdentityId, reason: string, by: Actor) => Promise<LinkOutcome>;
}
