import { z } from 'zod';

/** One mailbox. `name` is '' where the mail gives none; `address` is '' where only a name is given. */
export const Mailbox = z.object({ name: z.string(), address: z.string() });
export type Mailbox = z.infer<typeof Mailbox>;

/** What an attachment is. Its bytes travel apart, see `ParsedAttachment`. */
export const MailAttachment = z.object({
  /** Never a path: separators and control characters are taken out. */
  name: z.string(),
  /** The type the mail claims, in lower case: a claim, not to be believed. */
  type: z.string(),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Shown within the body: an image the HTML refers to, or one marked so. */
  inline: z.boolean(),
  /** Without the angle brackets; null where there is none. */
  contentId: z.string().nullable(),
});
export type MailAttachment = z.infer<typeof MailAttachment>;

/** An automatic mail, by kind. Never answer one automatically (RFC 3834). */
export const MailAuto = z.union([z.literal(false), z.enum(['auto-reply', 'list', 'bounce'])]);
export type MailAuto = z.infer<typeof MailAuto>;

/**
 * Why a mail of ours came back. `hard`: the address itself is dead (no such user or host, moved, takes no mail).
 * `soft`: anything else. `unknown`: it says nothing about either.
 */
export const MailBounce = z.object({
  kind: z.enum(['hard', 'soft', 'unknown']),
  /** Enhanced status code (RFC 3463), derived from the words where the report gives none. */
  status: z.string().nullable(),
  /** What was wrong, as one word of `bounceReasons`. */
  reason: z.string(),
  recipient: z.string().nullable(),
  originalMessageId: z.string().nullable(),
});
export type MailBounce = z.infer<typeof MailBounce>;

/** An invitation, as a list of events. */
export const MailEvent = z.object({
  /** iTIP method: REQUEST, REPLY, CANCEL…; null where the part gives none. */
  method: z.string().nullable(),
  uid: z.string().nullable(),
  summary: z.string(),
  /** ISO 8601; a date alone for an event of whole days, without offset where the time zone is unknown. */
  start: z.string().nullable(),
  end: z.string().nullable(),
  location: z.string(),
  organizer: Mailbox.nullable(),
  attendees: z.array(Mailbox),
});
export type MailEvent = z.infer<typeof MailEvent>;

/** What a mail says, as plain JSON: the `payload` of its entry on the timeline. */
export const MailPayload = z.object({
  subject: z.string(),
  from: Mailbox,
  to: z.array(Mailbox),
  cc: z.array(Mailbox),
  replyTo: z.array(Mailbox),
  /** Message ids carry no angle brackets. */
  messageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  /** ISO 8601 in UTC; null where the mail gives none that can be read. */
  date: z.string().nullable(),
  /** The whole text, as written or made from the HTML. */
  text: z.string(),
  /** The whole body as safe HTML: `cid:` kept, remote images blocked (see `sanitizeMailHtml`). Null without HTML. */
  html: z.string().nullable(),
  /** What this mail says anew. Never empty when it says anything new. */
  visibleText: z.string(),
  /** What it repeats of earlier mails, with its signature where that stands among them; '' where nothing. */
  quotedText: z.string(),
  attachments: z.array(MailAttachment),
  /** Filled in by whoever received the mail: see `authentication`. */
  auth: z.record(z.string(), z.json()).nullable(),
  auto: MailAuto,
  bounce: MailBounce.optional(),
  /** A forward's first author, as its quoted header says. */
  forwardedFrom: Mailbox.optional(),
  events: z.array(MailEvent).optional(),
  /** What needs a badge. `damaged`: it was read as far as it could be. */
  badges: z.array(z.enum(['encrypted', 'signed', 'damaged'])).optional(),
});
export type MailPayload = z.infer<typeof MailPayload>;
