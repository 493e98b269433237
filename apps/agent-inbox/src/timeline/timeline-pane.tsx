import type { Conversation, ConversationId, Entry, InboxView } from '@yixian/contracts';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Composer, type ComposerHandle } from '../composer/composer.tsx';
import { contactName } from '../desk/contact-name.ts';
import { useDesk, useDeskState } from '../desk/desk-context.tsx';
import type { TimelineWindow } from '../desk/timeline-window.ts';
import { isTyping } from '../desk/viewers.ts';
import { useNow } from '../ui/now.ts';
import { useObservable } from '../ui/observable.ts';
import { Empty } from '../ui/empty.tsx';
import { announce } from '../ui/status-line.tsx';
import { useWords } from '../words/words.tsx';
import { Feed } from './feed.tsx';
import { firstUnreadOf, timelineItems } from './timeline-items.ts';
import { TimelineHead } from './timeline-head.tsx';
import { useReading } from './use-reading.ts';

interface PaneProps {
  window: TimelineWindow;
  /** The one that is acted on and replied in. */
  conversation: Conversation;
  conversations: readonly Conversation[];
  view: InboxView;
}

/** A contact's whole timeline, with what to do about it above and what to write below. */
export function TimelinePane({ window, conversation, conversations, view }: PaneProps): ReactNode {
  const words = useWords();
  const name = contactName(conversation, words);
  const composer = useRef<ComposerHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const items = useItems(window, conversations);
  useReading(conversations, atEnd);
  useAnnouncements(window, name);
  return (
    <section className="timeline-pane" aria-label={words.timeline.label(name)}>
      <TimelineHead conversation={conversation} name={name} view={view} />
      <PagingMark contactId={window.contactId} />
      {items.length === 0 ? (
        <Empty icon="chat" title={words.timeline.none} hint={words.timeline.noneHint} />
      ) : (
        <Feed
          contactId={window.contactId}
          name={name}
          items={items}
          newer={window.newer}
          onQuote={(text) => composer.current?.quote(text)}
          onEdit={(item) => composer.current?.edit(item)}
          onEnd={setAtEnd}
        />
      )}
      <TypingLine conversation={conversation} name={name} />
      <Composer
        ref={composer}
        conversation={conversation}
        conversations={conversations}
        seenSeq={window.seqs.get(conversation.id) ?? conversation.lastSeq}
        view={view}
      />
    </section>
  );
}

function useItems({ contactId, entries, older }: TimelineWindow, conversations: readonly Conversation[]) {
  const { outbox } = useDesk();
  const all = useObservable(outbox.items);
  const waiting = useMemo(() => all.filter((item) => item.contactId === contactId), [all, contactId]);
  // Fixed where it was when the timeline was opened.
  const [firstUnread] = useState(() => firstUnreadOf(entries, unreadOf(conversations)));
  return useMemo(
    () => timelineItems({ entries, older, firstUnread, waiting }),
    [entries, older, firstUnread, waiting],
  );
}

const unreadOf = (conversations: readonly Conversation[]): Map<ConversationId, number> =>
  new Map(conversations.map(({ id, unread }) => [id, unread]));

/** Says new words of the customer aloud, for the open contact alone. */
function useAnnouncements({ entries }: TimelineWindow, name: string): void {
  const words = useWords();
  const said = useRef<Entry>(entries.at(-1));
  useEffect(() => {
    const newest = entries.at(-1);
    if (!newest || newest.id === said.current?.id) return;
    const isNews = !said.current || newest.orderedAt > said.current.orderedAt;
    said.current = newest;
    if (isNews && newest.direction === 'in') announce(words.timeline.announced(name, newest.text));
  }, [entries, name, words]);
}

function TypingLine({ conversation, name }: { conversation: Conversation; name: string }): ReactNode {
  const words = useWords();
  const at = useDeskState((state) => state.typing.get(conversation.contactId));
  const typing = useNow((now) => isTyping(at, now));
  return (
    <div className="typing-line" data-on={typing ? '' : undefined}>
      {typing && (
        <>
          <span className="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {words.timeline.customerTyping(name)}
        </>
      )}
    </div>
  );
}

/** A thin bar while what is missing is fetched, and the way on when that failed. */
function PagingMark({ contactId }: { contactId: Conversation['contactId'] }): ReactNode {
  const words = useWords();
  const { sync } = useDesk();
  const failure = useObservable(
    sync.failures,
    (all) => all.get(`older:${contactId}`) ?? all.get(`newer:${contactId}`),
  );
  const holed = useDeskState((state) => (state.timelines.get(contactId)?.pending.length ?? 0) > 0);
  if (failure) {
    return (
      <p className="paging-failed" role="alert">
        {words.failed.load(words.problem[failure])}
        <button type="button" className="link-button" onClick={() => void sync.page(contactId, 'older')}>
          {words.retry}
        </button>
      </p>
    );
  }
  return holed ? <p className="catching-up">{words.timeline.catchingUp}</p> : null;
}
