import type {
  ContactDetail,
  ContactId,
  ConversationId,
  Delivery,
  DeskEvent,
  Entry,
  TimelinePage,
  Watched,
} from '@yixian/contracts';
import { deliveryClimbs } from '@yixian/contracts/delivery';
import { compareEntries, mergeEntries } from './entry-order.ts';

/** The most entries one window holds; what lies farther from where the agent reads is dropped. */
export const MAX_ENTRIES = 2000;
/** How far live entries may outgrow that before the oldest go. */
const SLACK = 500;
/** The most entries kept aside that arrived outside the window. */
const MAX_ASIDE = 500;

/** Events that carry a conversation's version. */
export type VersionedEvent = Extract<DeskEvent, { type: 'entry' | 'conversation' | 'delivery' }>;

/**
 * An unbroken stretch of one contact's timeline, and how far the browser has followed each conversation of it.
 * Merging is idempotent and does not depend on order; versions serve to notice that something is missing.
 */
export interface TimelineWindow {
  contactId: ContactId;
  entries: readonly Entry[];
  /** Where to page on from; null when the window's edge is no page's edge (page `around` its entry then). */
  first: string | null;
  last: string | null;
  older: boolean;
  newer: boolean;
  /** The newest version followed without a hole, per conversation. */
  have: ReadonlyMap<ConversationId, number>;
  /** The newest `seq` known of, per conversation. */
  seqs: ReadonlyMap<ConversationId, number>;
  /** What came ahead of a hole. Applied once the hole is filled. */
  pending: readonly VersionedEvent[];
  /** What came while it lies outside the window. Joins when paging reaches it. */
  aside: readonly Entry[];
  /** `asked`: `watch` was sent. `live`: the hub sends this contact's entries and had filled all gaps. */
  watch: 'none' | 'asked' | 'live';
  /** Must be loaded anew: too much was missed, or an identity moved. */
  stale: boolean;
}

/**
 * The window made of a contact's detail and its newest page, which may have been read in either order.
 * `undefined`: a conversation outside the page changed between the two reads; read the page again.
 */
export function openWindow(detail: ContactDetail, page: TimelinePage): TimelineWindow | undefined {
  const held = new Map<ConversationId, { version: number; seq: number }>();
  for (const { conversationId, version, seq } of page.entries) held.set(conversationId, { version, seq });
  const start = page.entries[0];
  for (const conversation of detail.conversations) {
    if (held.has(conversation.id)) continue;
    const isBeforePage =
      page.older && start && Date.parse(conversation.lastAt) <= Date.parse(start.recordedAt);
    if (page.newer || (conversation.lastSeq > 0 && !isBeforePage)) return undefined;
    held.set(conversation.id, { version: conversation.version, seq: conversation.lastSeq });
  }
  return windowOf(detail.contact.id, page, held);
}

/** The window made of a page that was read after the detail. Sound for any page, also one in the middle. */
export function openWindowAfter(detail: ContactDetail, page: TimelinePage): TimelineWindow {
  const held = detail.conversations.map(
    ({ id, version, lastSeq }) => [id, { version, seq: lastSeq }] as const,
  );
  return windowOf(detail.contact.id, page, new Map(held));
}

function windowOf(
  contactId: ContactId,
  page: TimelinePage,
  held: ReadonlyMap<ConversationId, { version: number; seq: number }>,
): TimelineWindow {
  return {
    contactId,
    entries: page.entries.toSorted(compareEntries),
    first: page.first,
    last: page.last,
    older: page.older,
    newer: page.newer,
    have: new Map([...held].map(([id, { version }]) => [id, version])),
    seqs: new Map([...held].map(([id, { seq }]) => [id, seq])),
    pending: [],
    aside: [],
    watch: 'none',
    stale: false,
  };
}

/**
 * Follows live events of this contact. What lies beyond a hole waits in `pending`, and so does everything until
 * `watch` is answered, since the answer may have been read before these happened.
 */
export function follow(window: TimelineWindow, events: readonly VersionedEvent[]): TimelineWindow {
  if (window.watch === 'none') return window;
  if (window.watch === 'asked') return { ...window, pending: [...window.pending, ...events] };
  const draft = drafted(window);
  const waiting = [...window.pending, ...events].sort(
    (a, b) => versionOf(a) - versionOf(b) || rank(a) - rank(b),
  );
  draft.pending = waiting.filter((event) => !apply(draft, event));
  return draft.entries.length > MAX_ENTRIES + SLACK ? trim(draft, 'newer') : draft;
}

/** Notes that `watch` was sent. What was heard before is in its answer. */
export const ask = (window: TimelineWindow): TimelineWindow => ({ ...window, watch: 'asked', pending: [] });

/** Stops following, when the connection or the agent went away. */
export const unwatch = (window: TimelineWindow): TimelineWindow => ({
  ...window,
  watch: 'none',
  pending: [],
});

/** Takes the hub's answer to `watch`: all that was missed, whatever versions lie between. */
export function catchUp(window: TimelineWindow, { missed, reset }: Watched): TimelineWindow {
  const events = missed.filter(isVersioned);
  // A conversation that went to another contact takes its entries along.
  const isLeft = events.some(
    (event) => event.type !== 'delivery' && event.conversation.contactId !== window.contactId,
  );
  if (reset || isLeft) return { ...window, stale: true, watch: 'none', pending: [] };
  const draft = drafted(window);
  for (const event of events) {
    merge(draft, event);
    // The answer is whole up to the row it carries: versions that only changed the row need no event of their own.
    const upTo =
      event.type === 'delivery' ? event.version : Math.max(versionOf(event), event.conversation.version);
    raise(draft, conversationOf(event), upTo, seqOf(event));
  }
  return follow({ ...draft, watch: 'live' }, []);
}

/** Joins a page read from one side. A page `around` the edge entry joins either way. */
export function extend(window: TimelineWindow, page: TimelinePage, side: 'older' | 'newer'): TimelineWindow {
  const draft = drafted(window);
  draft.entries = mergeEntries(window.entries, page.entries);
  if (side === 'older') [draft.first, draft.older] = [page.first ?? window.first, page.older];
  else [draft.last, draft.newer] = [page.last ?? window.last, page.newer];
  admitAside(draft);
  return trim(draft, side);
}

/** Whether the hub must be asked for what is missing. */
export const hasHole = (window: TimelineWindow): boolean =>
  window.watch === 'live' && window.pending.length > 0;

/** What the browser says it has, in the words of the `watch` message. */
export const haveOf = (window: TimelineWindow): [ConversationId, number][] => [...window.have];

export function isVersioned(event: DeskEvent): event is VersionedEvent {
  return event.type === 'entry' || event.type === 'conversation' || event.type === 'delivery';
}

interface Draft extends TimelineWindow {
  have: Map<ConversationId, number>;
  seqs: Map<ConversationId, number>;
}

const drafted = (window: TimelineWindow): Draft => ({
  ...window,
  have: new Map(window.have),
  seqs: new Map(window.seqs),
});

/** Applies the event if nothing before it is missing. Answers whether it did. */
function apply(draft: Draft, event: VersionedEvent): boolean {
  const id = conversationOf(event);
  const version = versionOf(event);
  if (version > (draft.have.get(id) ?? 0) + 1) return false;
  // A row that tells of an entry we never got: the entry's own event is missing.
  if (event.type === 'conversation' && event.conversation.lastSeq > (draft.seqs.get(id) ?? 0)) return false;
  merge(draft, event);
  raise(draft, id, version, seqOf(event));
  return true;
}

function merge(draft: Draft, event: VersionedEvent): void {
  if (event.type === 'entry') place(draft, event.entry);
  if (event.type === 'delivery') draft.entries = delivered(draft.entries, event.entryId, event.delivery);
  if (event.type === 'delivery') draft.aside = delivered(draft.aside, event.entryId, event.delivery);
}

function place(draft: Draft, entry: Entry): void {
  if (isInside(draft, entry)) draft.entries = mergeEntries(draft.entries, [entry]);
  else draft.aside = mergeEntries(draft.aside, [entry]);
  if (draft.aside.length > MAX_ASIDE) draft.stale = true;
}

function isInside({ entries, older, newer }: TimelineWindow, entry: Entry): boolean {
  const first = entries[0];
  const last = entries.at(-1);
  if (!first || !last) return !older && !newer;
  return (!older || compareEntries(entry, first) > 0) && (!newer || compareEntries(entry, last) < 0);
}

function admitAside(draft: Draft): void {
  const inside = draft.aside.filter((entry) => isInside(draft, entry));
  if (inside.length === 0) return;
  draft.entries = mergeEntries(draft.entries, inside);
  draft.aside = draft.aside.filter((entry) => !inside.includes(entry));
}

/** The entries with the delivery joined in, if the word is news to the one it is about. */
function delivered(entries: readonly Entry[], id: Entry['id'], delivery: Delivery): readonly Entry[] {
  const index = entries.findLastIndex((entry) => entry.id === id);
  const entry = entries[index];
  if (!entry?.delivery || !deliveryClimbs(entry.delivery.state, delivery.state)) return entries;
  return entries.with(index, { ...entry, delivery });
}

function raise(draft: Draft, id: ConversationId, version: number, seq: number): void {
  draft.have.set(id, Math.max(version, draft.have.get(id) ?? 0));
  draft.seqs.set(id, Math.max(seq, draft.seqs.get(id) ?? 0));
}

function trim(window: TimelineWindow, grew: 'older' | 'newer'): TimelineWindow {
  const surplus = window.entries.length - MAX_ENTRIES;
  if (surplus <= 0) return window;
  return grew === 'older'
    ? { ...window, entries: window.entries.slice(0, MAX_ENTRIES), last: null, newer: true }
    : { ...window, entries: window.entries.slice(surplus), first: null, older: true };
}

const conversationOf = (event: VersionedEvent): ConversationId =>
  event.type === 'delivery' ? event.conversationId : event.conversation.id;
const versionOf = (event: VersionedEvent): number => {
  if (event.type === 'delivery') return event.version;
  return event.type === 'entry' ? event.entry.version : event.conversation.version;
};
const seqOf = (event: VersionedEvent): number => {
  if (event.type === 'delivery') return 0;
  return event.type === 'entry' ? event.entry.seq : event.conversation.lastSeq;
};
/** Of one version, the entry goes before the row that tells of it. */
const rank = (event: VersionedEvent): number => (event.type === 'conversation' ? 1 : 0);
