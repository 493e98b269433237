import type { Conversation, Entry, MailAddress } from '@yixian/contracts';
import { replySubject } from '../../timeline/mail/mail-subject.ts';
import { type MailView, mailViewOf } from '../../timeline/mail/mail-view.ts';
import type { MailDraft } from '../drafts.ts';
import { eachOnce } from './addresses.ts';

/** The mail that a reply in the conversation answers: the customer's newest. */
export function answeredMail(
  entries: readonly Entry[],
  conversation: Pick<Conversation, 'id'>,
): { entry: Entry; mail: MailView } | undefined {
  const entry = entries.findLast(
    (one) =>
      one.conversationId === conversation.id && one.direction === 'in' && mailViewOf(one) !== undefined,
  );
  const mail = entry && mailViewOf(entry);
  return mail && { entry, mail };
}

/**
 * Whom a reply goes to and what it is about: the sender (or where they want replies) and everybody who got the mail,
 * without ourselves. What we changed in our own last mail holds on.
 */
export function replyDefaults(
  entries: readonly Entry[],
  conversation: Pick<Conversation, 'id' | 'address' | 'subject' | 'contactName'>,
  own: (address: string) => boolean,
): MailDraft {
  const answered = answeredMail(entries, conversation);
  const newest = entries.findLast((one) => one.conversationId === conversation.id && mailViewOf(one));
  const customer = { name: conversation.contactName ?? '', address: conversation.address };
  const subject = replySubject(answered?.mail.subject ?? conversation.subject ?? '');
  const ours = newest?.direction === 'out' ? mailViewOf(newest) : undefined;
  if (ours) {
    const to = ours.to.length > 0 ? ours.to : [customer];
    return { to, cc: ours.cc, bcc: [], subject: ours.subject ?? subject, quotes: true };
  }
  const { to, cc } = everybody(answered?.mail, customer);
  return { to: without(own, to), cc: without(own, cc, to), bcc: [], subject, quotes: true };
}

function everybody(
  mail: MailView | undefined,
  customer: MailAddress,
): { to: MailAddress[]; cc: MailAddress[] } {
  if (!mail) return { to: [customer], cc: [] };
  const to = mail.replyTo.length > 0 ? [...mail.replyTo] : mail.from ? [mail.from] : [customer];
  return { to: eachOnce(to), cc: eachOnce([...mail.to, ...mail.cc]) };
}

function without(
  own: (address: string) => boolean,
  people: readonly MailAddress[],
  already: readonly MailAddress[] = [],
): MailAddress[] {
  const gone = new Set(already.map(({ address }) => address.toLowerCase()));
  return people.filter(({ address }) => address && !own(address) && !gone.has(address.toLowerCase()));
}

/**
 * Whether an address is one of the mailbox's, by what its account shows: addresses, and `*@shop.cn` for a whole
 * domain. A token after a plus does not make it another's. Nothing shown: whoever got all of the customer's mails.
 */
export function ownAddresses(
  shown: readonly string[],
  entries: readonly Entry[],
): (address: string) => boolean {
  const known = shown.length > 0 ? shown : gotAll(entries);
  const patterns = known.map((one) => one.toLowerCase().replace(/^\*/, ''));
  return (address) => {
    const bare = address.toLowerCase().replace(/\+[^@]*@/, '@');
    return patterns.some((pattern) => (pattern.startsWith('@') ? bare.endsWith(pattern) : bare === pattern));
  };
}

function gotAll(entries: readonly Entry[]): string[] {
  const lists = entries
    .filter(({ direction }) => direction === 'in')
    .map((entry) => mailViewOf(entry))
    .filter((mail) => mail !== undefined)
    .map(({ to, cc }) => [...to, ...cc].map(({ address }) => address.toLowerCase()));
  const [first = [], ...others] = lists;
  return first.filter((address) => others.every((list) => list.includes(address))).slice(0, 1);
}
