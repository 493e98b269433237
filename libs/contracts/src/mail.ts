import { z } from 'zod';

/**
 * What entries of a mail channel say in their `payload`, and what an agent's composer adds to a reply by mail. Nothing
 * else in the contracts knows of mail: to the rest of the system a payload is plain JSON.
 */

/** One mailbox. `name` is '' where the mail gives none; `address` is '' where only a name is given. */
export const MailAddress = z.object({ name: z.string(), address: z.string() });
export type MailAddress = z.infer<typeof MailAddress>;

/** A part of a mail that is a file. The stored file is the entry's attachment with the same `sha256`. */
export const MailAttachment = z.object({
  /** Never a path: separators and control characters are taken out. */
  name: z.string(),
  /** The type the mail claims, in lower case: a claim; the entry's attachment has the sniffed one. */
  type: z.string(),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Shown within the body: an image the HTML refers to, or one marked so. */
  inline: z.boolean(),
  /** Without angle brackets; null when the part has none. */
  contentId: z.string().nullable(),
});
export type MailAttachment = z.infer<typeof MailAttachment>;

const verdict = z.enum(['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror', 'policy']);

/** What was found about who really sent a mail (RFC 8601). `null` when nobody looked. */
export const MailAuth = z.object({
  spf: verdict,
  dkim: verdict,
  dmarc: verdict,
  /** True when the From address is proved: DMARC passed, or an aligned DKIM signature or SPF did. */
  verified: z.boolean(),
  /** How, for the audit of a link: `dkim:example.com`, `spf:example.com`. Empty when it is not proved. */
  evidence: z.string().max(500),
});
export type MailAuth = z.infer<typeof MailAuth>;

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
  /** What was wrong, as one stable word. */
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
  organizer: MailAddress.nullable(),
  attendees: z.array(MailAddress),
});
export type MailEvent = z.infer<typeof MailEvent>;

/** A received mail, as the `payload` of its entry. Message ids carry no angle brackets. */
export const MailPayload = z.object({
  subject: z.string(),
  from: MailAddress,
  to: z.array(MailAddress),
  cc: z.array(MailAddress),
  replyTo: z.array(MailAddress),
  messageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  /** By the sender's clock, ISO 8601 in UTC; null where the mail gives none that can be read. */
  date: z.string().nullable(),
  /** The whole text, as written or made from the HTML. */
  text: z.string(),
  /** The whole body as safe HTML: `cid:` kept, remote images blocked. Null without HTML. */
  html: z.string().nullable(),
  /** What this mail says anew. Never empty when it says anything new. */
  visibleText: z.string(),
  /** What it repeats of earlier mails, with its signature where that stands among them; '' where nothing. */
  quotedText: z.string(),
  attachments: z.array(MailAttachment),
  auth: MailAuth.nullable(),
  auto: MailAuto,
  bounce: MailBounce.optional(),
  /** A forward's first author, as its quoted header says. */
  forwardedFrom: MailAddress.optional(),
  events: z.array(MailEvent).optional(),
  /** What needs a badge. `damaged`: it was read as far as it could be. `shortened`: too long to be shown whole. */
  badges: z.array(z.enum(['encrypted', 'signed', 'damaged', 'shortened'])).optional(),
  /** The mail as it came, untouched: its place in the media store. */
  raw: z.object({ key: z.string(), size: z.int().nonnegative() }).optional(),
});
export type MailPayload = z.infer<typeof MailPayload>;

/** An address somebody typed: something, an @ and a domain; no line breaks, no angle brackets. */
const Recipient = z.object({
  name: z.string().max(200).default(''),
  address: z
    .string()
    .max(320)
    .regex(/^[^\s<>,;:"()[\]\\]+@[^\s<>,;:"()[\]\\@]+$/, 'is not an e-mail address'),
});

/**
 * What the composer adds to a reply by mail: `payload.mail` of a WriteMessage. All of it may be absent: then the mail
 * goes to the customer with the conversation's subject.
 *
 * `text` of the message is what the agent wrote, plain. `html` is the same with its formatting. The quoted history
 * comes apart from both, so that a timeline need not show it twice: the mail is text, signature of the account, quote.
 */
export const MailReply = z.object({
  /** Empty: the customer's address. */
  to: z.array(Recipient).max(50).default([]),
  cc: z.array(Recipient).max(50).default([]),
  bcc: z.array(Recipient).max(50).default([]),
  /** One line. Absent: `Re: ` and the subject of what is answered. */
  subject: z
    .string()
    .max(500)
    .regex(/^[^\r\n]*$/, 'must be one line')
    .optional(),
  /** What the agent wrote, as HTML. Absent: plain text alone is sent, and its HTML is made from that. */
  html: z.string().max(500_000).optional(),
  /** What is answered, quoted with its line of attribution (“On … wrote:”). Absent: nothing is quoted. */
  quote: z.object({ text: z.string().max(200_000), html: z.string().max(1_000_000).optional() }).optional(),
});
export type MailReply = z.infer<typeof MailReply>;
