import { createHash } from 'node:crypto';
import type { ChannelStore } from '@yixian/channel';
import type { AccountId, Address, Clock, ConversationId, EntryId } from '@yixian/contracts';

/** What is remembered of a mail that came to, or went from, a mailbox. */
export interface KnownMail {
  /** Null: the customer's conversation that has no thread. */
  thread: string | null;
  subject: string;
  /** The mails before it, oldest first. */
  references: string[];
  /** Of a mail of ours: the message that it is, and the customer it is for. */
  entry?: EntryId;
  to?: Address;
}

/** What is remembered of a thread of a mailbox. */
export interface KnownThread {
  subject: string;
  /** The customer who began it, in lower case. */
  customer: string;
  /** Everybody who was written to or wrote, in lower case, without us. */
  participants: string[];
  /** Known once we have answered. */
  conversationId?: ConversationId;
}

/** After this a reply to an old mail begins anew. */
const KEPT_MS = 400 * 24 * 60 * 60 * 1000;
const MOST_PARTICIPANTS = 100;

/** The mails and threads of each mailbox, by the ids in their headers. A mailbox never sees those of another. */
export class MailRecords {
  constructor(
    private readonly store: ChannelStore,
    private readonly clock: Clock,
  ) {}

  mail(account: AccountId, messageId: string): Promise<KnownMail | undefined> {
    return this.store.get<KnownMail>(keyOf('mail', account, messageId));
  }

  saveMail(account: AccountId, messageId: string, mail: KnownMail): Promise<void> {
    return this.put(keyOf('mail', account, messageId), mail);
  }

  /** Remembers a mail that we only know of, such as one that was answered before we were here. */
  async expectMail(account: AccountId, messageId: string, mail: KnownMail): Promise<void> {
    await this.store.add(keyOf('mail', account, messageId), mail, this.lifetime());
  }

  thread(account: AccountId, thread: string): Promise<KnownThread | undefined> {
    return this.store.get<KnownThread>(keyOf('thread', account, thread));
  }

  /** Adds to what is known of a thread, if there is anything new. */
  async saveThread(account: AccountId, thread: string, change: Partial<KnownThread>): Promise<void> {
    const known = await this.thread(account, thread);
    const { subject = '', customer = '', participants = [] } = { ...change, ...known };
    const all = [...new Set([...participants, ...(change.participants ?? [])])].slice(0, MOST_PARTICIPANTS);
    const conversationId = change.conversationId ?? known?.conversationId;
    const same = all.length === known?.participants.length && conversationId === known.conversationId;
    if (!same)
      await this.put(keyOf('thread', account, thread), {
        subject,
        customer,
        participants: all,
        conversationId,
      });
  }

  threadOfNumber(account: AccountId, number: string): Promise<string | undefined> {
    return this.store.get<string>(keyOf('number', account, number));
  }

  saveNumber(account: AccountId, number: string, thread: string): Promise<void> {
    return this.put(keyOf('number', account, number), thread);
  }

  /** Remembers that an address was reported as dead, until it writes. */
  markDead(account: AccountId, address: Address): Promise<void> {
    return this.put(keyOf('dead', account, address), true);
  }

  /** Whether it was; it no longer is. */
  async unmarkDead(account: AccountId, address: Address): Promise<boolean> {
    const key = keyOf('dead', account, address);
    const wasDead = (await this.store.get(key)) !== undefined;
    if (wasDead) await this.store.delete(key);
    return wasDead;
  }

  private put(key: string, value: unknown): Promise<void> {
    return this.store.put(key, value, this.lifetime());
  }

  private lifetime(): { expiresAt: number } {
    return { expiresAt: this.clock.now() + KEPT_MS };
  }
}

/** Message-IDs are as long as their senders please. */
const keyOf = (kind: string, account: AccountId, id: string): string =>
  `${kind}:${account}:${createHash('sha256').update(id).digest('base64url')}`;
