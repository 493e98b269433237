import { z } from 'zod';
import { Timestamp } from './common.ts';

/**
 * What entries of a mail channel say in their `payload`, and what an agent's composer adds to a reply by mail. Nothing
 * else in the contracts knows of mail: to the rest of the system a payload is plain JSON.
 */

/** One person in a header. `name` is empty when there was none; `address` is as written, trimmed. */
export const MailAddress = z.object({ name: z.string().max(500), address: z.string().max(320) });
export type MailAddress = z.infer<typeof MailAddress>;

/** A part of a mail that is a file. The stored file is the entry's attachment with the same `sha256`. */
export const MailAttachment = z.object({
  name: z.string().max(255),
  /** As the mail says; the entry's attachment has the sniffed one. */
  type: z.string().max(127),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Shown inside the text (`cid:` of the HTML), not in the list of files. */
  inline: z.boolean(),
  /** Without angle brackets; null when the part has none. */
  contentId: z.string().max(500).nullable(),
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

/** Why a mail of ours came back. `hard`: the address itself is dead; `soft`: anything else. */
export const MailBounce = z.object({
  kind: z.enum(['hard', 'soft', 'unknown']),
  /** The enhanced status code (RFC 3463), such as `5.1.1`, or null. */
  status: z.string().max(20).nullable(),
  /** The remote server's words. */
  reason: z.string().max(2000),
  recipient: z.string().max(320).nullable(),
  /** Message-ID of the mail that came back, with angle brackets, or null. */
  originalMessageId: z.string().max(998).nullable(),
});
export type MailBounce = z.infer<typeof MailBounce>;

/** A received mail, as the `payload` of its entry. Message-IDs keep their angle brackets. */
export const MailPayload = z.object({
  subject: z.string(),
  from: MailAddress,
  to: z.array(MailAddress),
  cc: z.array(MailAddress),
  replyTo: z.array(MailAddress),
  messageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  /** By the sender's clock; null when the mail says none that is a date. */
  date: Timestamp.nullable(),
  /** Everything that was written, as plain text. */
  text: z.string(),
  /** Sanitised; `cid:` images as they were. Null for a mail without HTML. */
  html: z.string().nullable(),
  /** What this mail adds: without the quoted history and the signature. */
  visibleText: z.string(),
  quotedText: z.string(),
  attachments: z.array(MailAttachment),
  auth: MailAuth.nullable(),
  /** Written by a machine, and which kind: what must never be answered by a machine. */
  auto: z.union([z.literal(false), z.enum(['auto-reply', 'list', 'bounce'])]),
  bounce: MailBounce.optional(),
  /** The mail as it came, untouched: its place in the media store. */
  raw: z.object({ key: z.string(), size: z.int().nonnegative() }).optional(),
});
export type MailPayload = z.infer<typeof MailPayload>;

/** An address somebody typed: something, an @ and a domain; no line breaks, no angle brackets. */
const Recipient = MailAddress.extend({
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
