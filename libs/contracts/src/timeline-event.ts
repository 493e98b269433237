import { z } from 'zod';
import { Timestamp } from './common.ts';
import { Contact, Conversation, Delivery, Entry } from './entry.ts';
import { ContactId, ConversationId, EntryId, IdentityId } from './ids.ts';

/** An entry was recorded. `conversation` is the row after it, so a list needs no second question. */
export const EntryRecorded = z.object({
  kind: z.literal('entry.recorded'),
  id: z.uuid(),
  conversation: Conversation,
  entry: Entry,
});
export type EntryRecorded = z.infer<typeof EntryRecorded>;

/** State, assignee, unread or contact of a conversation changed without an entry. */
export const ConversationChanged = z.object({
  kind: z.literal('conversation.changed'),
  id: z.uuid(),
  conversation: Conversation,
});
export type ConversationChanged = z.infer<typeof ConversationChanged>;

export const DeliveryChanged = z.object({
  kind: z.literal('delivery.changed'),
  id: z.uuid(),
  conversationId: ConversationId,
  contactId: ContactId,
  version: z.int().positive(),
  entryId: EntryId,
  delivery: Delivery,
});
export type DeliveryChanged = z.infer<typeof DeliveryChanged>;

/** Name, attributes or identities of a contact changed. */
export const ContactChanged = z.object({
  kind: z.literal('contact.changed'),
  id: z.uuid(),
  contact: Contact,
});
export type ContactChanged = z.infer<typeof ContactChanged>;

/** An identity moved to another contact (a link or its undoing). Conversations follow as `conversation.changed`. */
export const IdentityMoved = z.object({
  kind: z.literal('identity.moved'),
  id: z.uuid(),
  identityId: IdentityId,
  from: ContactId,
  to: ContactId,
  act: z.enum(['link', 'unlink']),
  by: z.string().max(200),
  evidence: z.string().max(500),
  occurredAt: Timestamp,
});
export type IdentityMoved = z.infer<typeof IdentityMoved>;

/** Everything on `yixian.timeline.v1`: what happened, after it was committed. Key: conversation id, or contact id. */
export const TimelineEvent = z.discriminatedUnion('kind', [
  EntryRecorded,
  ConversationChanged,
  DeliveryChanged,
  ContactChanged,
  IdentityMoved,
]);
export type TimelineEvent = z.infer<typeof TimelineEvent>;
