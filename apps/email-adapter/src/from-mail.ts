import type { Received } from '@yixian/channel';
import { MAX_TEXT } from '@yixian/contracts';
import type { Address, Attachment, MailAuth, MailPayload, Payload } from '@yixian/contracts';
import { isAmong } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import type { Place } from './threading/thread-finder.ts';
import { baseSubject } from './threading/subject.ts';

/** RFC 2606: for mails that name no sender at all. */
const NOBODY = 'unknown@unknown.invalid';

/** An entry's payload must fit into one event with everything else; the raw mail has the whole. In characters. */
const LONGEST = { subject: 2_000, text: 400_000, html: 1_500_000 };
const MOST_PEOPLE = 500;
const MOST_REFERENCES = 100;
/** What a message of the contracts may carry. */
const MOST_FILES = 50;

/** The customer of a mail: who sent it, or the first author of what one of our own people forwarded. */
export function customerOf(
  mail: MailPayload,
  mailbox: Pick<Mailbox, 'forwarders'>,
): { address: Address; name: string; forwarded: boolean } {
  const isForward = mail.forwardedFrom?.address && isAmong(mailbox.forwarders, mail.from.address);
  const { address, name } = isForward ? mail.forwardedFrom! : mail.from;
  const reached = address || mail.replyTo.find((other) => other.address)?.address || NOBODY;
  return {
    address: reached.toLowerCase().slice(0, 320) as Address,
    name: name.trim().slice(0, 200),
    forwarded: Boolean(isForward),
  };
}

/** The entry that a mail becomes. */
export function fromMail(
  mail: MailPayload,
  of: {
    mailbox: Mailbox;
    nativeId: string;
    attachments: Attachment[];
    raw: Attachment;
    auth: MailAuth | null;
    place: Place;
    receivedAt: number;
  },
): Received {
  const { mailbox, nativeId, attachments, raw, auth, place, receivedAt } = of;
  const { address, name, forwarded } = customerOf(mail, mailbox);
  const proved = auth?.verified === true && !forwarded;
  const date = mail.date ? Date.parse(mail.date) : NaN;
  return {
    account: mailbox.id,
    address,
    nativeId,
    // A clock that runs ahead would put the mail above its answer.
    occurredAt: date <= receivedAt ? date : receivedAt,
    sender: {
      ...(name && { name }),
      claims:
        address === NOBODY
          ? []
          : [{ kind: 'email', value: address, verified: proved, ...(proved && { evidence: auth.evidence }) }],
    },
    text: cut(mail.visibleText || mail.text, MAX_TEXT),
    attachments: attachments.slice(0, MOST_FILES),
    payload: payloadOf(mail, { auth, raw }) as Payload,
    subject: cut(baseSubject(mail.subject), 500),
    ...(place.thread !== null && { thread: place.thread }),
    ...(place.relatedTo && { relatedTo: place.relatedTo }),
  };
}

/** The payload, in bounds. What was left out is said by a badge. */
function payloadOf(mail: MailPayload, of: { auth: MailAuth | null; raw: Attachment }): MailPayload {
  const html = mail.html !== null && mail.html.length > LONGEST.html ? null : mail.html;
  const shortened =
    html !== mail.html || mail.text.length > LONGEST.text || mail.subject.length > LONGEST.subject;
  return {
    ...mail,
    subject: cut(mail.subject, LONGEST.subject),
    to: mail.to.slice(0, MOST_PEOPLE),
    cc: mail.cc.slice(0, MOST_PEOPLE),
    replyTo: mail.replyTo.slice(0, MOST_PEOPLE),
    references: mail.references.slice(-MOST_REFERENCES),
    text: cut(mail.text, LONGEST.text),
    html,
    visibleText: cut(mail.visibleText, LONGEST.text),
    quotedText: cut(mail.quotedText, LONGEST.text),
    auth: of.auth,
    ...(shortened && { badges: [...(mail.badges ?? []), 'shortened' as const] }),
    raw: { key: of.raw.key, size: of.raw.size },
  };
}

/** Never between the halves of one character. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
