import type {
  Contact,
  ContactDetail,
  ContactId,
  Conversation,
  ConversationPage,
  DeskEvent,
  InboxView,
  Synced,
  TimelinePage,
  Watched,
} from '@yixian/contracts';
import type { ConversationRow, DeskState, Viewer } from './desk-state.ts';
import {
  ask,
  catchUp,
  extend,
  follow,
  isVersioned,
  unwatch,
  type TimelineWindow,
  type VersionedEvent,
} from './timeline-window.ts';

/** The most timelines kept in memory. The ones opened longest ago go first. */
export const MAX_TIMELINES = 50;

/** What can happen to the desk's state. `at` is this browser's time in milliseconds. */
export type DeskAction =
  | { type: 'synced'; synced: Synced; at: number }
  | { type: 'disconnected' }
  | { type: 'events'; events: readonly DeskEvent[]; at: number }
  /** A page of a view; `first` replaces what was listed. */
  | { type: 'listed'; view: InboxView; page: ConversationPage; first: boolean }
  /** Newer rows, from answers to our own requests. */
  | { type: 'rows'; conversations: readonly Conversation[] }
  | { type: 'opened'; detail: ContactDetail; window: TimelineWindow }
  | { type: 'detailed'; detail: ContactDetail }
  | { type: 'paged'; contactId: ContactId; side: 'older' | 'newer'; page: TimelinePage }
  | { type: 'asked'; contactId: ContactId }
  | { type: 'watched'; contactId: ContactId; watched: Watched; at: number }
  | { type: 'unwatched'; contactId: ContactId };

/** The state after `action`. Pure; the same state comes back when nothing changed. */
export function reduce(state: DeskState, action: DeskAction): DeskState {
  switch (action.type) {
    case 'synced':
      return synced(state, action.synced, action.at);
    case 'disconnected':
      return { ...state, viewers: new Map(), typing: new Map(), timelines: unwatchAll(state.timelines) };
    case 'events':
      return withEvents(state, action.events, action.at);
    case 'listed':
      return listed(state, action.view, action.page, action.first);
    case 'rows':
      return withRows(state, action.conversations);
    case 'opened':
      return opened(state, action.detail, action.window);
    case 'detailed':
      return detailed(state, action.detail);
    case 'paged':
      return changeWindow(state, action.contactId, (window) => extend(window, action.page, action.side));
    case 'watched':
      return watched(state, action.contactId, action.watched, action.at);
    case 'asked':
      return changeWindow(state, action.contactId, ask);
    case 'unwatched':
      return changeWindow(state, action.contactId, unwatch);
  }
}

function synced(state: DeskState, { counts, viewing, build }: Synced, at: number): DeskState {
  const viewers = new Map(viewing.map((viewer) => [viewer.tab, { ...viewer, at }]));
  return { ...state, epoch: state.epoch + 1, counts, viewers, build };
}

function unwatchAll(timelines: DeskState['timelines']): DeskState['timelines'] {
  return new Map([...timelines].map(([id, window]) => [id, unwatch(window)]));
}

function withEvents(state: DeskState, events: readonly DeskEvent[], at: number): DeskState {
  const rowsOf = events.flatMap((event) =>
    event.type === 'entry' ? [previewed(event)] : event.type === 'conversation' ? [event.conversation] : [],
  );
  const followed = withTimelines(withRows(state, rowsOf), events.filter(isVersioned));
  return events.reduce((next, event) => withEvent(next, event, at), followed);
}

/** A preview without words says what it is of by the entry's payload, which the hub may not see yet as it tells of it. */
function previewed({ conversation, entry }: Extract<DeskEvent, { type: 'entry' }>): Conversation {
  const { preview } = conversation;
  const isOfEntry = preview?.kind === entry.kind && preview.direction === entry.direction;
  if (!preview || preview.text || !isOfEntry) return conversation;
  return { ...conversation, preview: { ...preview, payload: entry.payload } };
}

/** Rows by the rule of lists: only the newest counts. */
function withRows(state: DeskState, conversations: readonly Conversation[]): DeskState {
  if (conversations.length === 0) return state;
  const rows = new Map(state.rows);
  for (const conversation of conversations)
    rows.set(conversation.id, newestRow(rows, conversation, state.epoch));
  return { ...state, rows };
}

function newestRow(rows: DeskState['rows'], conversation: Conversation, epoch: number): ConversationRow {
  const known = rows.get(conversation.id);
  if (known && known.conversation.version >= conversation.version) return { ...known, epoch };
  return { conversation, epoch };
}

function withTimelines(state: DeskState, events: readonly VersionedEvent[]): DeskState {
  const touched = [...groupByContact(events)].filter(([id]) => state.timelines.has(id));
  if (touched.length === 0) return state;
  const timelines = new Map(state.timelines);
  for (const [id, news] of touched) timelines.set(id, follow(timelines.get(id)!, news));
  return { ...state, timelines };
}

function withEvent(state: DeskState, event: DeskEvent, at: number): DeskState {
  switch (event.type) {
    case 'counts':
      return { ...state, counts: event.counts };
    case 'typing':
      return { ...state, typing: new Map(state.typing).set(event.contactId, at) };
    case 'presence':
      return { ...state, presence: new Map(state.presence).set(event.contactId, event) };
    case 'viewing':
      return { ...state, viewers: viewersAfter(state.viewers, event, at) };
    case 'contact':
      return withContact(state, event.contact);
    case 'moved':
      return [event.from, event.to].reduce(
        (next, id) => changeWindow(next, id, (window) => ({ ...window, stale: true })),
        state,
      );
    case 'entry':
      return stopTyping(state, event);
    default:
      return state;
  }
}

/** A customer who has just written does not type any more. */
function stopTyping(state: DeskState, { entry }: Extract<DeskEvent, { type: 'entry' }>): DeskState {
  if (entry.direction !== 'in' || !state.typing.has(entry.contactId)) return state;
  const typing = new Map(state.typing);
  typing.delete(entry.contactId);
  return { ...state, typing };
}

function viewersAfter(
  viewers: DeskState['viewers'],
  { agent, tab, contactId, typing }: Extract<DeskEvent, { type: 'viewing' }>,
  at: number,
): DeskState['viewers'] {
  const next = new Map<string, Viewer>(viewers);
  if (contactId) next.set(tab, { agent, tab, contactId, typing, at });
  else next.delete(tab);
  return next;
}

function withContact(state: DeskState, contact: Contact): DeskState {
  const known = state.contacts.get(contact.id);
  if (known && known.version > contact.version) return state;
  const contacts = new Map(state.contacts).set(contact.id, contact);
  return { ...state, contacts, rows: renamed(state.rows, contact) };
}

/** The rows with the contact's name in them: a new name does not touch the conversations themselves. */
function renamed(rows: DeskState['rows'], { id, name, avatarUrl }: Contact): DeskState['rows'] {
  const outdated = [...rows].filter(
    ([, { conversation }]) =>
      conversation.contactId === id &&
      (conversation.contactName !== name || conversation.avatarUrl !== avatarUrl),
  );
  if (outdated.length === 0) return rows;
  const next = new Map(rows);
  for (const [key, row] of outdated)
    next.set(key, { ...row, conversation: { ...row.conversation, contactName: name, avatarUrl } });
  return next;
}

function listed(state: DeskState, view: InboxView, page: ConversationPage, first: boolean): DeskState {
  const before = state.views[view];
  const next = withRows(state, page.conversations);
  const edge = page.next === null ? null : (page.conversations.at(-1) ?? before.edge);
  const epoch = first ? state.epoch : before.epoch;
  return {
    ...next,
    counts: page.counts,
    views: { ...state.views, [view]: { epoch, next: page.next, edge } },
  };
}

function opened(state: DeskState, detail: ContactDetail, window: TimelineWindow): DeskState {
  const timelines = new Map(state.timelines);
  timelines.delete(window.contactId);
  timelines.set(window.contactId, window);
  for (const [id] of timelines) {
    if (timelines.size <= MAX_TIMELINES) break;
    if (timelines.get(id)!.watch === 'none' && id !== window.contactId) timelines.delete(id);
  }
  return { ...detailed(state, detail), timelines };
}

function detailed(state: DeskState, detail: ContactDetail): DeskState {
  const { contact, conversations, links, conflicts, suggestions } = detail;
  const next = withContact(withRows(state, conversations), contact);
  return { ...next, details: new Map(state.details).set(contact.id, { links, conflicts, suggestions }) };
}

function watched(state: DeskState, contactId: ContactId, answer: Watched, at: number): DeskState {
  const next = changeWindow(state, contactId, (window) => catchUp(window, answer));
  const ours = answer.missed.filter((event) => !isVersioned(event));
  const rows = answer.missed.flatMap((event) =>
    event.type === 'entry' || event.type === 'conversation' ? [event.conversation] : [],
  );
  return withEvents(withRows(next, rows), ours, at);
}

function changeWindow(
  state: DeskState,
  contactId: ContactId,
  change: (window: TimelineWindow) => TimelineWindow,
): DeskState {
  const window = state.timelines.get(contactId);
  if (!window) return state;
  return { ...state, timelines: new Map(state.timelines).set(contactId, change(window)) };
}

function groupByContact(events: readonly VersionedEvent[]): Map<ContactId, VersionedEvent[]> {
  const groups = new Map<ContactId, VersionedEvent[]>();
  for (const event of events) groups.set(contactOf(event), [...(groups.get(contactOf(event)) ?? []), event]);
  return groups;
}

function contactOf(event: VersionedEvent): ContactId {
  if (event.type === 'delivery') return event.contactId;
  return event.type === 'entry' ? event.entry.contactId : event.conversation.contactId;
}
