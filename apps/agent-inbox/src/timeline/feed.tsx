import type { ContactId } from '@yixian/contracts';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { VList, type VListHandle } from 'virtua';
import type { OutboxItem } from '../composer/outbox.ts';
import { useDesk } from '../desk/desk-context.tsx';
import { useShortcut } from '../keyboard/shortcuts.ts';
import { Icon } from '../ui/icon.tsx';
import { useLanguage } from '../words/words.tsx';
import { SessionRule, TimelineEntry } from './timeline-entry.tsx';
import type { TimelineItem } from './timeline-items.ts';
import { useShift } from './use-shift.ts';
import { WaitingBubble } from './waiting-bubble.tsx';

interface FeedProps {
  contactId: ContactId;
  name: string;
  items: readonly TimelineItem[];
  /** Whether newer entries exist that are not loaded. */
  newer: boolean;
  onQuote: (text: string) => void;
  onEdit: (item: OutboxItem) => void;
  /** Called when the end comes into sight or leaves it. */
  onEnd: (atEnd: boolean) => void;
}

/** Nearer than this to an edge the next page is fetched, in pixels. */
const NEAR = 800;
/** Nearer than this to the end the list sticks to it. */
const STICKS = 48;

/** The scrolling timeline: stays at the end while there, else where the agent reads. */
export function Feed(props: FeedProps): ReactNode {
  const { items, contactId, newer } = props;
  const { words, formats } = useLanguage();
  const { sync } = useDesk();
  const list = useRef<VListHandle>(null);
  const position = useRef<number | 'end'>('end');
  const shown = useRef(false);
  const hiding = useRef(false);
  const [atEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(() => items.at(-1)?.key);
  const [topDay, setTopDay] = useState<string>();
  const [focused, setFocused] = useState<number>();
  const shift = useShift(items);

  const toEnd = () => list.current?.scrollToIndex(items.length - 1, { align: 'end' });
  const restore = useEffectEvent(() => {
    const unread = items.findIndex((item) => item.type === 'unread');
    if (!shown.current && unread >= 0 && items.length - unread > 8) {
      list.current?.scrollToIndex(unread, { align: 'start' });
    } else if (position.current === 'end') toEnd();
    else list.current?.scrollTo(position.current);
    shown.current = true;
  });
  // Runs again each time the timeline is shown: a hidden element forgets where it was scrolled to.
  useLayoutEffect(() => {
    hiding.current = false;
    restore();
    return () => {
      hiding.current = true;
    };
  }, []);
  const follow = useEffectEvent(() => {
    if (position.current === 'end') toEnd();
  });
  useLayoutEffect(() => follow(), [items]);
  useEffect(() => props.onEnd(atEnd && !newer), [atEnd, newer]);
  useEffect(() => {
    if (focused !== undefined) document.getElementById(`${contactId}-${items[focused]?.key}`)?.focus();
  }, [focused]);

  const onScroll = (offset: number) => {
    const { scrollSize = 0, viewportSize = 0 } = list.current ?? {};
    if (hiding.current || viewportSize === 0) return;
    const below = scrollSize - offset - viewportSize;
    position.current = below < STICKS ? 'end' : offset;
    if (atEnd !== below < STICKS) {
      setAtEnd(below < STICKS);
      setSeen(items.at(-1)?.key);
    }
    setTopDay(dayAt(items, list.current?.findItemIndex(offset) ?? 0, formats.day));
    if (offset < NEAR) void sync.page(contactId, 'older');
    if (below < NEAR && newer) void sync.page(contactId, 'newer');
  };
  const toNewest = () => {
    position.current = 'end';
    if (newer) void sync.showNewest(contactId);
    else toEnd();
  };
  useShortcut('end', toNewest);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const target = event.target as HTMLElement;
    if (!by || !(target === event.currentTarget.firstElementChild || target.tagName === 'ARTICLE')) return;
    event.preventDefault();
    const from = target.tagName === 'ARTICLE' ? (focused ?? items.length) : items.length;
    const next = nextArticle(items, from, by);
    if (next === undefined) return;
    list.current?.scrollToIndex(next, { align: 'nearest' });
    setFocused(next);
  };
  const fresh = atEnd ? 0 : newSince(items, seen);
  return (
    <div className="feed-place" onKeyDown={onKeyDown}>
      <VList
        ref={list}
        className="feed"
        role="feed"
        aria-label={words.timeline.label(props.name)}
        tabIndex={0}
        data={items}
        shift={shift}
        keepMounted={focused === undefined ? undefined : [focused]}
        onScroll={onScroll}
        onResize={() => position.current === 'end' && toEnd()}
      >
        {(item, index) => (
          <FeedItem key={item.key} item={item} index={index} total={items.length} feed={props} />
        )}
      </VList>
      {topDay && !atEnd && (
        <div className="day-float" aria-hidden="true">
          {topDay}
        </div>
      )}
      {(!atEnd || newer) && (
        <button type="button" className="to-newest" onClick={toNewest}>
          <Icon name="arrowDown" size={16} />
          {fresh > 0 ? words.timeline.toNewestCount(formats.number(fresh)) : words.timeline.toNewest}
        </button>
      )}
    </div>
  );
}

interface ItemProps {
  item: TimelineItem;
  index: number;
  total: number;
  feed: FeedProps;
}

function FeedItem({ item, index, total, feed }: ItemProps): ReactNode {
  const { words, formats } = useLanguage();
  if (item.type === 'day') {
    return (
      <div className="day-rule">
        <span>{formats.day(item.at)}</span>
      </div>
    );
  }
  if (item.type === 'session') return <SessionRule entry={item.entry} />;
  if (item.type === 'unread') return <div className="unread-rule">{words.timeline.newBelow}</div>;
  const at = item.type === 'entry' ? item.entry.occurredAt : item.item.createdAt;
  const who = item.type === 'entry' ? item.entry.author.name || feed.name : words.you;
  return (
    <article
      id={`${feed.contactId}-${item.key}`}
      className="entry"
      tabIndex={-1}
      aria-label={`${who}, ${formats.time(at)}`}
      aria-posinset={index + 1}
      aria-setsize={total}
    >
      {item.type === 'entry' ? (
        <TimelineEntry
          entry={item.entry}
          joined={item.joined}
          newSubject={item.newSubject}
          newest={item.newest}
          name={feed.name}
          onQuote={feed.onQuote}
        />
      ) : (
        <WaitingBubble item={item.item} onEdit={feed.onEdit} />
      )}
    </article>
  );
}

/** The day of what stands at the top; none while a day's own rule is there. */
function dayAt(
  items: readonly TimelineItem[],
  index: number,
  format: (at: string) => string,
): string | undefined {
  const item = items[index];
  if (!item || item.type === 'day') return undefined;
  const entry = items.slice(index).find((one) => one.type === 'entry');
  return entry && format(entry.entry.recordedAt);
}

function nextArticle(items: readonly TimelineItem[], from: number, by: number): number | undefined {
  for (let index = from + by; index >= 0 && index < items.length; index += by) {
    const type = items[index]!.type;
    if (type === 'entry' || type === 'waiting') return index;
  }
  return undefined;
}

/** How many messages of the customer stand below the newest one that was in sight. */
function newSince(items: readonly TimelineItem[], seen: string | undefined): number {
  const index = items.findLastIndex((item) => item.key === seen);
  if (index < 0) return 0;
  return items.slice(index + 1).filter((item) => item.type === 'entry' && item.entry.direction === 'in')
    .length;
}
