import type { MailAttachment, MailPayload } from './mail-payload.ts';

/** An attachment with its bytes, at the same index as its description in `payload.attachments`. */
export interface ParsedAttachment extends MailAttachment {
  content: Buffer;
}

/** A header field as it stands: name in lower case, value unfolded and decoded to text. */
export interface MailHeader {
  name: string;
  value: string;
}

/** A mail that was read, if need be in part (`damages` says what was wrong with it). */
export interface ParsedMail {
  kind: 'parsed';
  payload: MailPayload;
  attachments: ParsedAttachment[];
  /** Every header field of the mail itself, in order. */
  headers: MailHeader[];
  /** What was wrong and how it was taken, for people. */
  damages: string[];
}

/** Why a mail is not read at all. */
export type RefusalCode =
  'empty' | 'too-large' | 'too-deep' | 'too-many-parts' | 'headers-too-large' | 'unreadable';

/** A mail that is not read: a bomb, or nothing at all. To be quarantined, with what could be read beside. */
export interface MailRefused {
  kind: 'refused';
  code: RefusalCode;
  /** One sentence for people. */
  reason: string;
  /** The head of the mail as far as it was read. */
  known: Partial<Pick<MailPayload, 'subject' | 'from' | 'to' | 'messageId' | 'date'>>;
}

/** How much is read. Beyond any of these the mail is refused. */
export interface MailLimits {
  /** Bytes of the raw mail. */
  size: number;
  /** Multiparts and messages within each other. */
  depth: number;
  /** Parts in all. */
  parts: number;
  /** Bytes of one part's header, and of the mail's. */
  headerSize: number;
}

export interface ParseOptions {
  limits?: Partial<MailLimits>;
  /** SMTP's envelope, where known: the sender stands in for a missing From. */
  envelope?: { from?: string; to?: string[] };
}

export const mailLimits: MailLimits = {
  size: 40 * 1024 * 1024,
  depth: 50,
  parts: 1000,
  headerSize: 1024 * 1024,
};

/**
 * `parseMail` of `parse-mail.ts`: reads one mail (RFC 5322, MIME) however damaged it is. Pure, synchronous, bounded
 * in time and memory, never throws: what must not or cannot be read is a `MailRefused`.
 */
export type ParseMail = (raw: Buffer, options?: ParseOptions) => ParsedMail | MailRefused;
