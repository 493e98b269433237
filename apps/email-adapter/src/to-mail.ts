import type { SendMessage } from '@yixian/contracts';
import type { MailReply } from '@yixian/contracts';
import type { SendMailOptions } from 'nodemailer';
import { domainOf } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import { numberOf } from './threading/conversation-number.ts';
import { replySubject } from './threading/subject.ts';
import { htmlFrom } from './sending/html-from.ts';

/** A thread's beginning, and so many of its newest mails: longer lists break servers and say no more. */
const NEWEST_REFERENCES = 20;

/** Our own Message-ID of a message, without angle brackets: known before it is sent, and always the same. */
export function messageIdOf(message: Pick<SendMessage, 'id'>, { address }: Pick<Mailbox, 'address'>): string {
  return `${message.id}@${domainOf(address)}`;
}

/** The References of an answer: those of what it answers and that itself, the first and the last twenty. */
export function answerReferences(before: readonly string[], answered: string | undefined): string[] {
  const all = [...new Set([...before, ...(answered ? [answered] : [])])];
  return all.length <= NEWEST_REFERENCES + 1 ? all : [all[0]!, ...all.slice(-NEWEST_REFERENCES)];
}

/** What an answer continues. */
export interface Answered {
  /** Without angle brackets. */
  messageId?: string;
  references: string[];
  subject: string;
}

/** Our own addresses with a token in them, where the mailbox uses them. */
export interface Return {
  /** Where the customer's answer goes. */
  replyTo?: string;
  /** Where bounces go. */
  envelopeFrom?: string;
}

/** The mail that a message becomes. */
export function toMail(
  message: SendMessage,
  of: {
    mailbox: Mailbox;
    reply: MailReply;
    answered: Answered;
    back: Return;
    files: NonNullable<SendMailOptions['attachments']>;
  },
): SendMailOptions {
  const { mailbox, reply, answered, back, files } = of;
  const to = reply.to.length > 0 ? reply.to : [{ name: '', address: message.address as string }];
  const recipients = [...to, ...reply.cc, ...reply.bcc].map(({ address }) => address);
  return {
    messageId: `<${messageIdOf(message, mailbox)}>`,
    date: new Date(message.createdAt),
    from: { name: mailbox.senderName || mailbox.name, address: mailbox.address },
    to,
    cc: reply.cc,
    ...(back.replyTo && { replyTo: back.replyTo }),
    subject: subjectOf(message, of),
    ...(answered.messageId && { inReplyTo: `<${answered.messageId}>` }),
    references: answerReferences(answered.references, answered.messageId).map((id) => `<${id}>`),
    ...bodyOf(message.text, reply, mailbox.signature),
    attachments: files,
    ...machineHeaders(message, mailbox),
    // Bcc stands in the envelope alone.
    envelope: { from: back.envelopeFrom ?? mailbox.address, to: [...new Set(recipients)] },
  };
}

/** RFC 3834 section 5; the other one keeps Exchange's rules from answering. */
export const automaticHeaders = (submitted: 'auto-generated' | 'auto-replied'): Record<string, string> => ({
  'Auto-Submitted': submitted,
  'X-Auto-Response-Suppress': 'All',
});

/** What nobody wrote by hand says so; of what we send unasked the customer can rid themselves (RFC 2369). */
function machineHeaders(
  { author }: SendMessage,
  { address }: Mailbox,
): Pick<SendMailOptions, 'headers' | 'list'> {
  if (author.kind === 'agent') return {};
  const headers = automaticHeaders('auto-generated');
  if (author.kind === 'bot') return { headers };
  return { headers, list: { unsubscribe: { url: `mailto:${address}?subject=unsubscribe` } } };
}

function subjectOf(
  message: SendMessage,
  { mailbox, reply, answered }: { mailbox: Mailbox; reply: MailReply; answered: Answered },
): string {
  const subject = reply.subject ?? (answered.subject ? replySubject(answered.subject) : mailbox.name);
  if (!mailbox.subjectNumber || !message.thread || /\[#[0-9A-Z]{8}\]/.test(subject)) return subject;
  return `${subject} [#${numberOf(message.thread)}]`;
}

/** Text, signature, quote: plain, and the same as HTML. */
function bodyOf(text: string, { html, quote }: MailReply, signature: string): { text: string; html: string } {
  const plain = [text, ...(signature ? [`-- \n${signature}`] : []), ...(quote ? [quote.text] : [])];
  const rich = [
    html ?? htmlFrom(text),
    ...(signature ? [`<div class="yixian-signature">-- <br>${htmlFrom(signature)}</div>`] : []),
    ...(quote ? [quote.html ?? `<blockquote type="cite">${htmlFrom(quote.text)}</blockquote>`] : []),
  ];
  return { text: plain.join('\n\n'), html: `<!doctype html><html><body>${rich.join('<br>')}</body></html>` };
}
