import type { ConversationId, Entry, EntryId } from '@yixian/contracts';
import type { OutboxItem } from '../composer/outbox.ts';
import { sameSubject } from './mail/mail-subject.ts';
import { isWechatLine, wechatViewOf } from './wechat/wechat-view.ts';

/** One thing on the timeline, in the order shown. `key` never changes for the same thing. */
export type TimelineItem =
  | { type: 'day'; key: string; at: string }
  | { type: 'session'; key: string; entry: Entry }
  | { type: 'unread'; key: string }
  | EntryItem
  | { type: 'waiting'; key: string; item: OutboxItem };

export interface EntryItem {
  type: 'entry';
  key: string;
  entry: Entry;
  /** Whether it belongs to the bubble before it. */
  joined: boolean;
  /** What it is about, when that is not what its conversation was about before. */
  newSubject: string | undefined;
  /** Whether it is the newest message of its conversation. */
  newest: boolean;
}

export interface TimelineShown {
  entries: readonly Entry[];
  /** Whether there is more before the first entry. */
  older: boolean;
  /** The entry above which the marker of unread messages stands. */
  firstUnread?: EntryId | undefined;
  /** What this agent wrote that is not confirmed yet. */
  waiting: readonly OutboxItem[];
}

/** Bubbles of one sender closer together than this are one group, in milliseconds. */
const GROUP = 3 * 60_000;

/**
 * What the timeline shows. While there is more before the first entry nothing is put above it, so that a page that
 * comes before only adds at the top.
 */
export function timelineItems({ entries, older, firstUnread, waiting }: TimelineShown): TimelineItem[] {
  const items: TimelineItem[] = [];
  const newest = newestOf(entries);
  const subjects = new Map<ConversationId, string>();
  let before: Entry | undefined;
  for (const entry of entries) {
    const isEdge = !before && older;
    const startsDay = !before || dayOf(before) !== dayOf(entry);
    const startsConversation = entry.seq === 1;
    if (startsDay && !isEdge) items.push({ type: 'day', key: `day:${entry.id}`, at: entry.recordedAt });
    if (startsConversation && !isEdge)
      items.push({ type: 'session', key: `session:${entry.conversationId}`, entry });
    if (entry.id === firstUnread) items.push({ type: 'unread', key: 'unread' });
    const alone = startsDay || startsConversation || entry.id === firstUnread;
    items.push({
      type: 'entry',
      key: entry.id,
      entry,
      joined: !alone && belongsTo(before, entry),
      newSubject: newSubjectOf(entry, subjects),
      newest: newest.has(entry.id),
    });
    before = entry;
  }
  const stored = new Set<string>(entries.slice(-waiting.length - 50).map((entry) => entry.id));
  for (const item of waiting) if (!stored.has(item.id)) items.push({ type: 'waiting', key: item.id, item });
  return items;
}

/** The newest message of each conversation. */
function newestOf(entries: readonly Entry[]): Set<EntryId> {
  const newest = new Map<ConversationId, EntryId>();
  for (const { kind, conversationId, id } of entries) if (kind === 'message') newest.set(conversationId, id);
  return new Set(newest.values());
}

/** The subject of an entry that has one, unless its conversation had it already; keeps what was said. */
function newSubjectOf(
  { payload, conversationId }: Entry,
  subjects: Map<ConversationId, string>,
): string | undefined {
  const { subject } = { ...payload, ...(payload['mail'] as object | undefined) } as { subject?: unknown };
  if (typeof subject !== 'string') return undefined;
  const known = subjects.get(conversationId);
  subjects.set(conversationId, subject);
  return known !== undefined && sameSubject(known, subject) ? undefined : subject;
}

/** The oldest message of the customer that no agent has read, among the entries at hand. */
export function firstUnreadOf(
  entries: readonly Entry[],
  unread: ReadonlyMap<Entry['conversationId'], number>,
): EntryId | undefined {
  const left = new Map(unread);
  let first: EntryId | undefined;
  for (const entry of entries.toReversed()) {
    const count = left.get(entry.conversationId) ?? 0;
    if (entry.direction !== 'in' || entry.kind !== 'message' || count === 0) continue;
    left.set(entry.conversationId, count - 1);
    first = entry.id;
  }
  return first;
}

/** Whether things were added to or taken from the start rather than the end. */
export function isShifted(before: readonly TimelineItem[], after: readonly TimelineItem[]): boolean {
  const [was, is] = [before[0]?.key, after[0]?.key];
  if (was === undefined || is === undefined || was === is) return false;
  return after.some((item) => item.key === was) || before.some((item) => item.key === is);
}

function belongsTo(before: Entry | undefined, entry: Entry): boolean {
  return (
    before !== undefined &&
    before.kind === entry.kind &&
    !isWechatLine(wechatViewOf(before)) &&
    (entry.kind === 'message' || entry.kind === 'note') &&
    before.direction === entry.direction &&
    before.conversationId === entry.conversationId &&
    before.author.kind === entry.author.kind &&
    before.author.id === entry.author.id &&
    Date.parse(entry.recordedAt) - Date.parse(before.recordedAt) < GROUP
  );
}

/** The day in this browser's zone. */
function dayOf(entry: Entry): string {
  const at = new Date(entry.recordedAt);
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
}
