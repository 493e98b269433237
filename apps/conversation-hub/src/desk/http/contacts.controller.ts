import { Body, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ContactId,
  ContactQuery,
  IdentityId,
  IdentitySuggestion,
  LinkIdentity,
  PatchContact,
  TimelineQuery,
  UnlinkIdentity,
} from '@yixian/contracts';
import type { Contact, ContactDetail } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import { Audit } from '../../audit/audit.ts';
import { Contacts } from '../../contacts/contacts.ts';
import type { LinkOutcome } from '../../contacts/contacts.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { By } from './caller.ts';
import type { Caller } from './caller.ts';
import { DeskController } from './desk-controller.ts';
import { found } from './found.ts';

const id = { schema: ContactId };
const identity = { schema: IdentityId };
const suggestion = { schema: IdentitySuggestion.shape.id };
const JSON_TEXT = ['content-type', 'application/json; charset=utf-8'] as const;

@DeskController('api/contacts')
export class ContactsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly timeline: Timeline,
    private readonly audit: Audit,
  ) {}

  /** JSON text as the database made it. */
  @Get()
  @Header(...JSON_TEXT)
  async search(@Query({ schema: ContactQuery }) query: ContactQuery): Promise<string> {
    return (await this.contacts.search(query)).json;
  }

  @Get(':id')
  async detail(@Param('id', id) of: ContactId): Promise<ContactDetail> {
    return found(await this.contacts.detail(of), 'contact');
  }

  @Patch(':id')
  async patch(
    @Param('id', id) of: ContactId,
    @Body({ schema: PatchContact }) patch: PatchContact,
    @By() by: Caller,
  ): Promise<Contact> {
    return found(await this.contacts.patch(of, patch, by), 'contact');
  }

  /** JSON text as the database made it. */
  @Get(':id/timeline')
  @Header(...JSON_TEXT)
  async page(
    @Param('id', id) of: ContactId,
    @Query({ schema: TimelineQuery }) query: TimelineQuery,
  ): Promise<string> {
    return found(await this.timeline.page(of, query), 'contact').json;
  }

  @Post(':id/links')
  @HttpCode(200)
  async link(
    @Param('id', id) of: ContactId,
    @Body({ schema: LinkIdentity }) { identityId, reason }: LinkIdentity,
    @By() by: Caller,
  ): Promise<ContactDetail> {
    linked(await this.contacts.link(of, identityId, reason, by));
    await this.audit.record({ by, action: 'identity.linked', subject: of, detail: { identityId, reason } });
    return this.detail(of);
  }

  /** The two are not the same person. */
  @Delete(':id/suggestions/:suggestionId')
  @HttpCode(200)
  async dismiss(
    @Param('id', id) of: ContactId,
    @Param('suggestionId', suggestion) suggestionId: string,
    @By() by: Caller,
  ): Promise<ContactDetail> {
    found((await this.contacts.dismiss(of, suggestionId, by)) || undefined, 'contact or suggestion');
    await this.audit.record({ by, action: 'suggestion.dismissed', subject: of, detail: { suggestionId } });
    return this.detail(of);
  }

  /** A DELETE has no body that every proxy lets pass: the reason comes in the query. */
  @Delete(':id/links/:identityId')
  @HttpCode(200)
  async unlink(
    @Param('id', id) of: ContactId,
    @Param('identityId', identity) identityId: IdentityId,
    @Query({ schema: UnlinkIdentity }) { reason }: UnlinkIdentity,
    @By() by: Caller,
  ): Promise<ContactDetail> {
    linked(await this.contacts.unlink(of, identityId, reason, by));
    await this.audit.record({ by, action: 'identity.unlinked', subject: of, detail: { identityId, reason } });
    return this.detail(of);
  }
}

function linked(outcome: LinkOutcome): void {
  if ('outcome' in found(outcome, 'contact or identity'))
    throw new Refused('conflict', 'The identity does not belong there any more.');
}
