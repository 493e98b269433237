import { customerKey } from '@yixian/contracts';
import type {
  ContactId,
  Conversation,
  ConversationId,
  CustomerPresence,
  DeskEvent,
  Typing,
} from '@yixian/contracts';

/** Customers remembered; past it the one is forgotten who was not heard of for longest. About 300 bytes each. */
const MOST = 20_000;

interface Known {
  contactId: ContactId;
  conversationId: ConversationId;
  /** When that conversation last changed, so that of several the newest counts. */
  lastAt: string;
  presence?: Pick<CustomerPresence, 'online' | 'page'>;
}

type PresenceEvent = Extract<DeskEvent, { type: 'presence' }>;
type TypingEvent = Extract<DeskEvent, { type: 'typing' }>;

/**
 * Whose contact a customer's address is, by what passed by, so that a word worth seconds (typing, presence) needs no
 * question to the database.
 */
export class Whereabouts {
  private readonly known = new Map<string, Known>();

  learn(conversation: Conversation): void {
    const key = customerKey(conversation);
    const before = this.known.get(key);
    const { contactId, id: conversationId, lastAt } = conversation;
    if (before && before.lastAt > lastAt) return;
    this.known.delete(key);
    this.known.set(key, { ...before, contactId, conversationId, lastAt });
    if (this.known.size > MOST) this.known.delete(this.known.keys().next().value!);
  }

  typing(signal: Typing): TypingEvent | undefined {
    const known = this.known.get(customerKey(signal));
    if (!known || signal.by !== 'customer') return undefined;
    const { contactId, conversationId } = known;
    return { type: 'typing', contactId, conversationId, at: signal.at };
  }

  presence(signal: CustomerPresence): PresenceEvent | undefined {
    const known = this.known.get(customerKey(signal));
    if (!known) return undefined;
    known.presence = { online: signal.online, page: signal.page };
    return presenceOf(known.contactId, known.presence);
  }

  /** What was last heard of those who are here now, for a browser that begins to watch. */
  presentAt(conversations: readonly Conversation[]): PresenceEvent[] {
    return conversations.flatMap((conversation) => {
      const known = this.known.get(customerKey(conversation));
      return known?.presence?.online ? [presenceOf(conversation.contactId, known.presence)] : [];
    });
  }
}

function presenceOf(contactId: ContactId, { online, page }: NonNullable<Known['presence']>): PresenceEvent {
  return { type: 'presence', contactId, online, ...(page && { page }) };
}
