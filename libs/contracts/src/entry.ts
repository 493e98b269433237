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
  /** Where the text is empty: what the channel says of the entry. Absent when that is long, or was written just now. */
  payload: Payload.optional(),
});
export type EntryPreview = z.infer<typeof EntryPreview>;

/**
 * How much we may write now, on channels that let us write only for a while after the customer did, or only so many
 * messages. The channel counts; what it said last holds.
 */
export const Allowance = z.object({
  /** Until when; null: for ever. */
  until: Timestamp.nullable(),
  /** How many messages more; null: as many as wanted. */
  left: z.int().nonnegative().nullable(),
  /** Why not more, as a stable code such as `window_closed`; words for people are the desk's. */
  reason: z.string().max(500).nullable(),
  /** What remains when this does not suffice, as stable codes: `template`, `subscription`, … */
  alternatives: z.array(z.string().max(100)).max(20),
});
export type Allowance = z.infer<typeof Allowance>;

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
  /** What it is about, by the customer's first message, on channels whose messages say so. */
  subject: z.string().nullable().default(null),
  /** Which of the customer's threads this is; null: the one conversation of a channel that knows no threads. */
  thread: z.string().nullable().default(null),
  /** Another conversation that this one's first message quotes. */
  relatedId: ConversationId.nullable().default(null),
  /** How much we may write to the customer now; null: as we like. */
  allowance: Allowance.nullable().default(null),
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

/** Why nothing can be sent to an address, and since when. The reason is the channel's code or words. */
export const Undeliverable = z.object({ reason: z.string().min(1).max(500), at: Timestamp });
export type Undeliverable = z.infer<typeof Undeliverable>;

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
  /** Set while the channel says that nothing can be delivered there. */
  undeliverable: Undeliverable.nullable().default(null),
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
