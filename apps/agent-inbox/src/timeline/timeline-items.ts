import type { Entry, EntryId } from '@yixian/contracts';
import type { OutboxItem } from '../composer/outbox.ts';

/** One thing on the timeline, in the order shown. `key` never changes for the same thing. */
export type TimelineItem =
  | { type: 'day'; key: string; at: string }
  | { type: 'session'; key: string; entry: Entry }
  | { type: 'unread'; key: string }
  | { type: 'entry'; key: string; entry: Entry; joined: boolean }
  | { type: 'waiting'; key: string; item: OutboxItem };

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
    items.push({ type: 'entry', key: entry.id, entry, joined: !alone && belongsTo(before, entry) });
    before = entry;
  }
  const stored = new Set<string>(entries.slice(-waiting.length - 50).map((entry) => entry.id));
  for (const item of waiting) if (!stored.has(item.id)) items.push({ type: 'waiting', key: item.id, item });
  return items;
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
