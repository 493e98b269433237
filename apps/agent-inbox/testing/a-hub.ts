import type {
  AgentId,
  Contact,
  ContactDetail,
  ContactId,
  Conversation,
  ConversationId,
  ConversationPage,
  DeskEvent,
  Entry,
  InboxCounts,
  InboxView,
  TimelinePage,
  Watched,
} from '@yixian/contracts';
import { deliveryMoves } from '../../../libs/contracts/src/delivery.ts';
import { compareEntries } from '../src/desk/entry-order.ts';
import { compareRows, isInView } from '../src/desk/inbox-view.ts';
import { aConversation, anEntry, uuid } from './a-desk.ts';

export const CONTACT = uuid(100) as ContactId;
export const ME = uuid(900) as AgentId;
const PAGE = 5;

/** A hub in memory for one contact: versions, entries and answers by the rules of the desk's contract. */
export function aHub({ resetAfter }: { resetAfter: number }) {
  const conversations = new Map<ConversationId, Conversation>();
  const entries: Entry[] = [];
  const delivered = new Map<string, number>();
  const listeners: ((event: DeskEvent) => void)[] = [];
  let clock = Date.parse('2026-11-21T02:00:00.000Z');

  const emit = (event: DeskEvent) => listeners.forEach((listen) => listen(event));
  const pick = (n: number) => [...conversations.values()][n % conversations.size]!;
  const change = (id: ConversationId, changes: Partial<Conversation>): Conversation => {
    const before = conversations.get(id)!;
    const after = { ...before, ...changes, version: before.version + 1 };
    conversations.set(id, after);
    return after;
  };
  const sorted = () => entries.toSorted(compareEntries);
  const rows = () => [...conversations.values()];
  const position = (entry: Entry) => `${entry.orderedAt}~${entry.id}`;

  const hub = {
    listen: (listener: (event: DeskEvent) => void) => void listeners.push(listener),
    entries: sorted,
    rows,
    begin() {
      const id = uuid(conversations.size + 1) as ConversationId;
      conversations.set(
        id,
        aConversation({ id, version: 0, contactId: CONTACT, createdAt: new Date(clock).toISOString() }),
      );
      hub.write(conversations.size - 1);
    },
    write(n: number) {
      const { id, lastSeq } = pick(n);
      const at = new Date((clock += 1000)).toISOString();
      const direction = n % 2 === 0 ? 'in' : 'out';
      const conversation = change(id, { lastSeq: lastSeq + 1, lastAt: at });
      const entry = anEntry({
        id: uuid(10_000 + entries.length),
        conversationId: id,
        seq: conversation.lastSeq,
        version: conversation.version,
        direction,
        recordedAt: at,
        orderedAt: clock * 1000,
        ...(direction === 'out' && { delivery: { state: 'queued', at } }),
      });
      entries.push(entry);
      emit({ type: 'entry', conversation, entry });
    },
    /** A delivery takes one of the steps it may. */
    deliver(n: number) {
      const open = entries.filter(({ delivery }) => delivery && deliveryMoves[delivery.state].length > 0);
      const entry = open[n % Math.max(1, open.length)];
      if (!entry?.delivery) return;
      const moves = deliveryMoves[entry.delivery.state];
      const conversation = change(entry.conversationId, {});
      const delivery = { state: moves[n % moves.length]!, at: new Date(clock).toISOString() };
      entries[entries.indexOf(entry)] = { ...entry, delivery };
      delivered.set(entry.id, conversation.version);
      emit({
        type: 'delivery',
        conversationId: entry.conversationId,
        contactId: CONTACT,
        version: conversation.version,
        entryId: entry.id,
        delivery,
      });
    },
    assign(n: number) {
      const { id, assignee } = pick(n);
      emit({
        type: 'conversation',
        conversation: change(id, { assignee: assignee ? null : { id: ME, name: '王小敏' } }),
      });
    },
    close(n: number) {
      const { id, state } = pick(n);
      emit({
        type: 'conversation',
        conversation: change(id, { state: state === 'closed' ? 'open' : 'closed' }),
      });
    },
    detail: (): ContactDetail => ({
      contact: { id: CONTACT, version: 0, name: '林晓雯', avatarUrl: null } as Contact,
      conversations: rows(),
      links: [],
      conflicts: [],
      suggestions: [],
    }),
    /** The newest page, or the one before a position. */
    page(before?: string): TimelinePage {
      const all = sorted();
      const to = before ? all.findIndex((entry) => position(entry) === before) : all.length;
      const from = Math.max(0, to - PAGE);
      const some = all.slice(from, to);
      const [first, last] = [some[0], some.at(-1)];
      return {
        entries: some,
        first: first ? position(first) : null,
        last: last ? position(last) : null,
        older: from > 0,
        newer: to < all.length,
      };
    },
    /** Only what is stored can be told: the entries, the newest word of each delivery, the row. */
    missed(have: [ConversationId, number][]): Watched {
      const had = new Map(have);
      const missed = rows().flatMap((conversation): DeskEvent[] => {
        const { id, version } = conversation;
        const from = had.get(id) ?? 0;
        if (version <= from) return [];
        const own = entries.filter((entry) => entry.conversationId === id);
        return [
          ...own
            .filter((entry) => entry.version > from)
            .map((entry) => ({ type: 'entry' as const, conversation, entry })),
          ...own
            .filter((entry) => (delivered.get(entry.id) ?? 0) > from)
            .map((entry) => ({
              type: 'delivery' as const,
              conversationId: id,
              contactId: CONTACT,
              version: delivered.get(entry.id)!,
              entryId: entry.id,
              delivery: entry.delivery!,
            })),
          { type: 'conversation', conversation },
        ];
      });
      const reset = missed.length > resetAfter;
      return { missed: reset ? [] : missed, reset, serverTime: '' };
    },
    counts: (): InboxCounts => ({ mine: 0, unassigned: 0, all: 0 }),
    synced: () => ({ counts: hub.counts(), build: '1', serverTime: new Date(clock).toISOString() }),
    conversations(view: InboxView): ConversationPage {
      const some = rows()
        .filter((conversation) => isInView(conversation, view, ME))
        .sort(compareRows);
      return { conversations: some, next: null, counts: hub.counts() };
    },
  };
  hub.begin();
  return hub;
}
