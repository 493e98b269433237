import type { AccountId, ConversationId } from '@yixian/contracts';
import { derivedId } from '@yixian/contracts/node';
import type { MailPayload } from '@yixian/contracts';
import type { KnownThread, MailRecords } from './mail-records.ts';
import type { ReplyTokens } from './reply-token.ts';
import { numberIn, sameSubject } from './subject.ts';

/** Where a mail belongs. `thread` null: the customer's conversation that has no thread. */
export interface Place {
  thread: string | null;
  /** The conversation that the mail quotes without belonging there. */
  relatedTo?: ConversationId;
}

export interface MailToPlace {
  account: AccountId;
  nativeId: string;
  /** The customer, in lower case. */
  sender: string;
  /** Everywhere it was sent to: envelope and headers. */
  recipients: string[];
  payload: Pick<MailPayload, 'subject' | 'inReplyTo' | 'references'>;
}

/** So many of a mail's references are looked up, the newest first. */
const MOST_LOOKED_UP = 20;

/**
 * Finds the thread of a mail: by the signed token in the address it was sent to, else by the ids it refers to, else by
 * the conversation's number in its subject together with the sender. Never by the subject alone. Whoever never took
 * part begins anew, linked to what they quote; so does a mail whose subject was replaced.
 */
export class ThreadFinder {
  constructor(
    private readonly records: MailRecords,
    private readonly tokens: ReplyTokens,
  ) {}

  async placeOf(mail: MailToPlace): Promise<Place> {
    const fresh = derivedId<string>('mail-thread', mail.account, mail.nativeId);
    const named = await this.named(mail);
    if (named === undefined) return { thread: fresh };
    if (named === null) return { thread: null };
    const known = await this.records.thread(mail.account, named);
    if (!known) return { thread: named };
    const relatedTo = known.conversationId;
    if (!belongs(mail, known)) return { thread: fresh, ...(relatedTo && { relatedTo }) };
    const isOther = known.customer !== mail.sender;
    return { thread: named, ...(isOther && relatedTo && { relatedTo }) };
  }

  /** The thread that the mail says it is of. */
  private async named(mail: MailToPlace): Promise<string | null | undefined> {
    const token = this.tokens.find(mail.account, mail.recipients);
    if (token?.kind === 'thread') return token.id;
    const referred = await this.byReferences(mail);
    return referred === undefined ? this.byNumber(mail) : referred;
  }

  private async byReferences({ account, payload }: MailToPlace): Promise<string | null | undefined> {
    for (const id of referencesOf(payload)) {
      const known = await this.records.mail(account, id);
      if (known) return known.thread;
    }
    return undefined;
  }

  private async byNumber({ account, payload, sender }: MailToPlace): Promise<string | undefined> {
    const number = numberIn(payload.subject);
    const thread = number && (await this.records.threadOfNumber(account, number));
    const known = thread && (await this.records.thread(account, thread));
    return known && known.customer === sender ? thread : undefined;
  }
}

/** The mails that a mail refers to, the one it answers first. */
export function referencesOf(payload: Pick<MailPayload, 'inReplyTo' | 'references'>): string[] {
  const newestFirst = [payload.inReplyTo, ...payload.references.toReversed()];
  return [...new Set(newestFirst.filter((id): id is string => Boolean(id)))].slice(0, MOST_LOOKED_UP);
}

function belongs({ sender, payload }: MailToPlace, known: KnownThread): boolean {
  return known.participants.includes(sender) && sameSubject(payload.subject, known.subject);
}
