import { z } from 'zod';
import { AgentRef, Attachment, Author, MAX_TEXT, Payload, Timestamp } from './common.ts';
import { conversationStates } from './conversation-state.ts';
import { deliveryStates } from './delivery.ts';
import { AccountId, Address, ChannelName, ContactId, ConversationId, EntryId, IdentityId } from './ids.ts';

export const entryKinds = ['message', 'call', 'note', 'system', 'ticket', 'survey'] as const;
export const EntryKind = z.enum(entryKinds);
export type EntryKind = z.infer<typeof EntryKind>;

export const Delivery = z.object({
  state: z.enum(deliveryStates),
  /** A stable code such as `window_closed`; words for people are the desk's. */
  reason: z.string().max(500).optional(),
  at: Timestamp,
});
export type Delivery = z.infer<typeof Delivery>;

/**
 * One item of a conversation. Written once and never changed; what changes later (delivery) has a place of its own.
 * Order inside a conversation is `seq` (1..n without a gap); order on a contact's timeline is `orderedAt`, then `id`.
 */
export const Entry = z.object({
  id: EntryId,
  conversationId: ConversationId,
  contactId: ContactId,
  channel: ChannelName,
  account: AccountId,
  seq: z.int().positive(),
  /** The conversation's version at which this entry was written. */
  version: z.int().positive(),
  kind: EntryKind,
  direction: z.enum(['in', 'out', 'internal']),
  author: Author,
  text: z.string().max(MAX_TEXT),
  payload: Payload,
  attachments: z.array(Attachment),
  /** When the channel says it happened; shown, never used to order. */
  occurredAt: Timestamp,
  recordedAt: Timestamp,
  /** A position in time, microseconds since 1970, strictly growing inside a conversation. */
  orderedAt: z.int().positive(),
  /** Only on outbound messages. */
  delivery: Delivery.optional(),
});
export type Entry = z.infer<typeof Entry>;

export const EntryPreview = z.object({
  text: z.string().max(200),
  kind: EntryKind,
  direction: z.enum(['in', 'out', 'internal']),
  at: Timestamp,
});
export type EntryPreview = z.infer<typeof EntryPreview>;

/** What a list of conversations shows of one, and all that the desk must know to act on it. */
export const Conversation = z.object({
  id: ConversationId,
  /** Grows by one with every change of the conversation or of a delivery in it: the desk's cursor. */
  version: z.int().nonnegative(),
  contactId: ContactId,
  identityId: IdentityId,
  channel: ChannelName,
  account: AccountId,
  address: Address,
  contactName: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  state: z.enum(conversationStates),
  assignee: AgentRef.nullable(),
  lastSeq: z.int().nonnegative(),
  /** Customer's messages since an agent last read the conversation. */
  unread: z.int().nonnegative(),
  preview: EntryPreview.nullable(),
  /** Since when the customer waits for an answer; null when it is the customer's turn. */
  waitingSince: Timestamp.nullable(),
  createdAt: Timestamp,
  lastAt: Timestamp,
  closedAt: Timestamp.nullable(),
  /** The conversation this one continues, when that one was closed too long ago to be reopened. */
  previousId: ConversationId.nullable(),
});
export type Conversation = z.infer<typeof Conversation>;

export const Claim = z.object({
  kind: z.enum(['email', 'phone', 'external']),
  value: z.string().min(1).max(320),
  /** True only when the channel can prove it: a signed token, an authenticated sender. */
  verified: z.boolean(),
  /** How it was proved, for the audit of a link: `jwt:<issuer>`, `dkim:<domain>`, … */
  evidence: z.string().max(500).optional(),
});
export type Claim = z.infer<typeof Claim>;

export const Identity = z.object({
  id: IdentityId,
  contactId: ContactId,
  channel: ChannelName,
  account: AccountId,
  address: Address,
  displayName: z.string().nullable(),
  verified: z.boolean(),
  claims: z.array(Claim),
  createdAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
});
export type Identity = z.infer<typeof Identity>;

export const Contact = z.object({
  id: ContactId,
  name: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  locale: z.string().nullable(),
  attributes: Payload,
  createdAt: Timestamp,
  version: z.int().nonnegative(),
  identities: z.array(Identity),
});
export type Contact = z.infer<typeof Contact>;
