import { z } from 'zod';
import { ChannelAnnounced } from './account.ts';
import { AgentRef, Attachment, MAX_TEXT, Payload, Timestamp } from './common.ts';
import { Contact, Conversation, Entry, EntryKind } from './entry.ts';
import { AccountId, AgentId, ChannelName, ContactId, EntryId, IdentityId } from './ids.ts';

/** Requests and answers of the desk's HTTP API under `/api`. The OpenAPI document is generated from these. */

export const Role = z.enum(['agent', 'supervisor', 'admin']);
export type Role = z.infer<typeof Role>;

export const Agent = z.object({
  id: AgentId,
  email: z.email().max(320),
  name: z.string().min(1).max(100),
  role: Role,
  locale: z.enum(['zh-CN', 'en']),
  disabled: z.boolean(),
  createdAt: Timestamp,
});
export type Agent = z.infer<typeof Agent>;

export const LogIn = z.object({ email: z.string().max(320), password: z.string().max(200) });
export type LogIn = z.infer<typeof LogIn>;

/** `csrf` goes back as the header `x-csrf-token` with every write made with the cookie. */
export const Session = z.object({ agent: Agent, csrf: z.string(), mediaToken: z.string() });
export type Session = z.infer<typeof Session>;

export const InboxView = z.enum(['mine', 'unassigned', 'all', 'closed']);
export type InboxView = z.infer<typeof InboxView>;

/** How many conversations each view holds; `mine` is the asking agent's. `closed` is not counted. */
export const InboxCounts = z.object({ mine: z.int(), unassigned: z.int(), all: z.int() });
export type InboxCounts = z.infer<typeof InboxCounts>;

export const ConversationQuery = z.object({
  view: InboxView.default('all'),
  channel: ChannelName.optional(),
  /** From `next` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});
export type ConversationQuery = z.infer<typeof ConversationQuery>;

export const ConversationPage = z.object({
  conversations: z.array(Conversation),
  next: z.string().nullable(),
  counts: InboxCounts,
});
export type ConversationPage = z.infer<typeof ConversationPage>;

/**
 * One of `before`, `after`, `around` (positions from a page's `first`/`last`, or an entry id for `around`);
 * none: the newest page. Entries always come oldest first.
 */
export const TimelineQuery = z.object({
  before: z.string().max(80).optional(),
  after: z.string().max(80).optional(),
  around: EntryId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
  /** Comma-separated entry kinds. */
  kinds: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(EntryKind).min(1))
    .optional(),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const TimelinePage = z.object({
  entries: z.array(Entry),
  /** Position of the first and last entry, to page on from; null on an empty page. */
  first: z.string().nullable(),
  last: z.string().nullable(),
  /** Whether older and newer entries exist. */
  older: z.boolean(),
  newer: z.boolean(),
});
export type TimelinePage = z.infer<typeof TimelinePage>;

export const ContactQuery = z.object({
  query: z.string().max(200).default(''),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export type ContactQuery = z.infer<typeof ContactQuery>;

export const ContactPage = z.object({ contacts: z.array(Contact), next: z.string().nullable() });
export type ContactPage = z.infer<typeof ContactPage>;

/** Who linked what to whom, and why; an unlink names the link it undoes. */
export const IdentityLink = z.object({
  id: z.uuid(),
  identityId: IdentityId,
  from: ContactId,
  to: ContactId,
  act: z.enum(['link', 'unlink']),
  by: z.string(),
  evidence: z.string(),
  undoes: z.uuid().nullable(),
  at: Timestamp,
});
export type IdentityLink = z.infer<typeof IdentityLink>;

/** Two contacts whose verified claims collide: kept for a person to decide, never merged blindly. */
export const IdentityConflict = z.object({
  id: z.uuid(),
  identityId: IdentityId,
  otherContactId: ContactId,
  claim: z.string(),
  at: Timestamp,
});
export type IdentityConflict = z.infer<typeof IdentityConflict>;

/**
 * A claim that nobody proved, yet equal to what another contact proved or is reached at. Never linked by itself: shown
 * until a person links the two or dismisses it.
 */
export const IdentitySuggestion = z.object({
  id: z.uuid(),
  /** Who makes the claim, and the contact they are now. */
  identityId: IdentityId,
  contactId: ContactId,
  /** Whom it would fit. */
  otherContactId: ContactId,
  claim: z.string(),
  verified: z.literal(false),
});
export type IdentitySuggestion = z.infer<typeof IdentitySuggestion>;

export const ContactDetail = z.object({
  contact: Contact,
  conversations: z.array(Conversation),
  links: z.array(IdentityLink),
  conflicts: z.array(IdentityConflict),
  suggestions: z.array(IdentitySuggestion).default([]),
});
export type ContactDetail = z.infer<typeof ContactDetail>;

export const PatchContact = z.object({
  name: z.string().max(200).nullable().optional(),
  attributes: Payload.optional(),
});
export type PatchContact = z.infer<typeof PatchContact>;

export const LinkIdentity = z.object({ identityId: IdentityId, reason: z.string().min(1).max(500) });
export type LinkIdentity = z.infer<typeof LinkIdentity>;
export const UnlinkIdentity = z.object({ reason: z.string().min(1).max(500) });
export type UnlinkIdentity = z.infer<typeof UnlinkIdentity>;

/**
 * An agent's reply. `id` is made by the client, so a resend is the same message. `seenSeq` is the newest `seq` the
 * agent had on screen: when a colleague has answered since, the reply is refused with `conflict` unless `force`.
 */
export const WriteMessage = z
  .object({
    id: EntryId,
    text: z.string().max(MAX_TEXT),
    attachments: z.array(Attachment).max(20).default([]),
    seenSeq: z.int().nonnegative(),
    force: z.boolean().default(false),
    /** Extras the channel understands. */
    payload: Payload.default({}),
  })
  .refine((message) => message.text.trim() !== '' || message.attachments.length > 0, {
    message: 'A message needs text or an attachment.',
    path: ['text'],
  });
export type WriteMessage = z.infer<typeof WriteMessage>;

export const WriteNote = z.object({ id: EntryId, text: z.string().trim().min(1).max(MAX_TEXT) });
export type WriteNote = z.infer<typeof WriteNote>;

export const WrittenEntry = z.object({ conversation: Conversation, entry: Entry });
export type WrittenEntry = z.infer<typeof WrittenEntry>;

/** What a `conflict` answers beside its error: what was written since `seenSeq`. */
export const ReplyConflict = z.object({
  error: z.object({ code: z.literal('conflict'), message: z.string() }),
  entries: z.array(Entry),
});
export type ReplyConflict = z.infer<typeof ReplyConflict>;

/** `null` puts the conversation back among the unassigned. */
export const AssignConversation = z.object({ agentId: AgentId.nullable() });
export type AssignConversation = z.infer<typeof AssignConversation>;
export const ReadConversation = z.object({ seq: z.int().nonnegative() });
export type ReadConversation = z.infer<typeof ReadConversation>;

export const ChannelList = z.object({ channels: z.array(ChannelAnnounced.omit({ kind: true, id: true })) });
export type ChannelList = z.infer<typeof ChannelList>;

/** An account as the desk sees it: secret settings are replaced by `{ "set": true }`. */
export const Account = z.object({
  id: AccountId,
  channel: ChannelName,
  name: z.string(),
  settings: Payload,
  enabled: z.boolean(),
  version: z.int().positive(),
  createdAt: Timestamp,
});
export type Account = z.infer<typeof Account>;

export const CreateAccount = z.object({
  /** Made from the name when absent. */
  id: AccountId.optional(),
  channel: ChannelName,
  name: z.string().min(1).max(200),
  settings: Payload,
});
export type CreateAccount = z.infer<typeof CreateAccount>;
/** What agents may know of an account: `shown` holds the settings that its channel's schema marks with `x-agents`. */
export const AccountFace = Account.pick({ id: true, channel: true, name: true }).extend({ shown: Payload });
export type AccountFace = z.infer<typeof AccountFace>;

/** A secret that is absent or `{ "set": true }` stays as it is; `{ "set": false }` takes it away. */
export const PatchAccount = z.object({
  name: z.string().min(1).max(200).optional(),
  settings: Payload.optional(),
  enabled: z.boolean().optional(),
});
export type PatchAccount = z.infer<typeof PatchAccount>;

export const CreateAgent = z.object({
  email: z.email().max(320),
  name: z.string().min(1).max(100),
  role: Role,
  password: z.string().min(10).max(200),
  locale: z.enum(['zh-CN', 'en']).default('zh-CN'),
});
export type CreateAgent = z.infer<typeof CreateAgent>;
/** Without the defaults of a new agent: what is absent stays as it is. */
export const PatchAgent = CreateAgent.extend({ locale: Agent.shape.locale })
  .partial()
  .extend({ disabled: z.boolean().optional() });
export type PatchAgent = z.infer<typeof PatchAgent>;

export const ApiToken = z.object({
  id: z.uuid(),
  name: z.string(),
  role: Role,
  createdBy: AgentRef.nullable(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
  expiresAt: Timestamp.nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;
export const CreateToken = z.object({
  name: z.string().min(1).max(100),
  role: Role,
  expiresAt: Timestamp.optional(),
});
export type CreateToken = z.infer<typeof CreateToken>;
/** The only time the token itself is shown. */
export const CreatedToken = ApiToken.extend({ token: z.string() });
export type CreatedToken = z.infer<typeof CreatedToken>;

export const AuditRecord = z.object({
  id: z.string(),
  at: Timestamp,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: Payload,
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** A record that could not be understood or stored, kept until somebody replays or discards it. */
export const DeadLetter = z.object({
  id: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  key: z.string().nullable(),
  error: z.string(),
  attempts: z.int(),
  at: Timestamp,
  replayedAt: Timestamp.nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;
