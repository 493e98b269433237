import type {
  AgentRef,
  Contact,
  ContactDetail,
  ContactId,
  Conversation,
  ConversationId,
  InboxCounts,
  InboxView,
} from '@yixian/contracts';
import type { TimelineWindow } from './timeline-window.ts';

/** Everything the browser knows of the desk, normalised. Changed by `reduce` alone. */
export interface DeskState {
  /** Grows with each connect. What was learned in an older epoch may be out of date. */
  epoch: number;
  rows: ReadonlyMap<ConversationId, ConversationRow>;
  views: Readonly<Record<InboxView, ListedView>>;
  counts: InboxCounts;
  timelines: ReadonlyMap<ContactId, TimelineWindow>;
  contacts: ReadonlyMap<ContactId, Contact>;
  details: ReadonlyMap<ContactId, Pick<ContactDetail, 'links' | 'conflicts' | 'suggestions'>>;
  /** Who looks at what, by browser tab. */
  viewers: ReadonlyMap<string, Viewer>;
  /** When a customer was last said to be typing, in this browser's milliseconds. */
  typing: ReadonlyMap<ContactId, number>;
  presence: ReadonlyMap<ContactId, CustomerPresence>;
  /** The hub's build, to notice a new version. */
  build: string | null;
}

export interface ConversationRow {
  conversation: Conversation;
  epoch: number;
}

/** How far a view has been listed. */
export interface ListedView {
  /** The epoch of its first page; -1 before it was ever listed. */
  epoch: number;
  /** For the next page; null when all is listed. */
  next: string | null;
  /** The last row of the newest page: what sorts after it is not listed yet. */
  edge: Conversation | null;
}

export interface Viewer {
  agent: AgentRef;
  tab: string;
  contactId: ContactId;
  typing: boolean;
  /** When this was last said, in this browser's milliseconds. */
  at: number;
}

export interface CustomerPresence {
  online: boolean;
  page?: { url: string; title: string };
}

const unlisted: ListedView = { epoch: -1, next: null, edge: null };

export const emptyDesk: DeskState = {
  epoch: 0,
  rows: new Map(),
  views: { mine: unlisted, unassigned: unlisted, all: unlisted, closed: unlisted },
  counts: { mine: 0, unassigned: 0, all: 0 },
  timelines: new Map(),
  contacts: new Map(),
  details: new Map(),
  viewers: new Map(),
  typing: new Map(),
  presence: new Map(),
  build: null,
};
