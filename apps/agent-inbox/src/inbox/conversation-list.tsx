import type { Conversation, InboxView } from '@yixian/contracts';
import { type ReactNode, useEffect, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useLocation } from 'wouter';
import { useDesk, useDeskState } from '../desk/desk-context.tsx';
import { useConversations } from '../desk/row-list.ts';
import type { FailureCode } from '../http/request-failed.ts';
import { useShortcut } from '../keyboard/shortcuts.ts';
import { Empty } from '../ui/empty.tsx';
import { useObservable } from '../ui/observable.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useLanguage, useWords } from '../words/words.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { type InboxPlace, inboxUrl } from './inbox-place.ts';
import { type CalmList, useCalmList } from './use-calm-list.ts';
import { ViewTabs } from './view-tabs.tsx';

/** The height of a row in pixels; the style sheet says the same. */
const ROW = 64;

/** The conversations of one view, newest first. */
export function ConversationList({ place }: { place: InboxPlace }): ReactNode {
  const { words, formats } = useLanguage();
  const { sync } = useDesk();
  const { view } = place;
  const epoch = useDeskState((state) => state.epoch);
  const listed = useDeskState((state) => state.views[view].epoch >= 0);
  const failure = useObservable(sync.failures, (failures) => failures.get(`view:${view}`));
  const live = useConversations(view);
  const calm = useCalmList(live, view);
  useEffect(() => {
    if (epoch > 0) void sync.list(view);
  }, [sync, view, epoch]);
  return (
    <section
      className="list-pane"
      aria-label={words.list.label}
      onPointerEnter={calm.hold}
      onPointerLeave={calm.release}
    >
      <ViewTabs view={view} />
      {calm.waiting > 0 && (
        <button type="button" className="fresh-chip" onClick={calm.refresh}>
          {words.list.fresh(formats.number(calm.waiting))}
        </button>
      )}
      {failure && !listed ? (
        <ListFailed code={failure} onRetry={() => void sync.list(view)} />
      ) : !listed ? (
        <Skeleton rows={9} shape="row" />
      ) : calm.shown.length === 0 ? (
        <NoRows view={view} />
      ) : (
        <Rows calm={calm} place={place} />
      )}
    </section>
  );
}

function Rows({ calm, place }: { calm: CalmList; place: InboxPlace }): ReactNode {
  const { words, formats } = useLanguage();
  const { sync } = useDesk();
  const [, go] = useLocation();
  const list = useRef<VListHandle>(null);
  const { shown } = calm;
  const counted = useDeskState((state) => (place.view === 'closed' ? 0 : state.counts[place.view]));
  const total = Math.max(counted, shown.length);
  const current = shown.findIndex((row) => isCurrent(row, place));
  const open = (row: Conversation | undefined) =>
    row && go(inboxUrl({ view: place.view, contactId: row.contactId, conversationId: row.id }));
  const step = (by: number) => {
    calm.holdBriefly();
    const index = current < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, current + by));
    list.current?.scrollToIndex(index, { align: 'nearest' });
    open(shown[index]);
  };
  useShortcut('j', () => step(1));
  useShortcut('k', () => step(-1));
  useShortcut('escape', () => document.querySelector<HTMLElement>('.row[aria-current="true"]')?.focus());
  const onScroll = (offset: number) => {
    const { scrollSize = 0, viewportSize = 0 } = list.current ?? {};
    if (scrollSize - offset - viewportSize < ROW * 10) void sync.listMore(place.view);
  };
  return (
    <>
      <VList ref={list} className="rows" data={shown} itemSize={ROW} bufferSize={ROW * 4} onScroll={onScroll}>
        {(row) => (
          <ConversationRow
            key={row.id}
            conversation={row}
            href={inboxUrl({ view: place.view, contactId: row.contactId, conversationId: row.id })}
            current={row === shown[current]}
          />
        )}
      </VList>
      <footer className="list-foot">
        {words.list.shown(formats.number(shown.length), formats.number(total))}
      </footer>
    </>
  );
}

function isCurrent(row: Conversation, { contactId, conversationId }: InboxPlace): boolean {
  return conversationId ? row.id === conversationId : row.contactId === contactId;
}

function NoRows({ view }: { view: InboxView }): ReactNode {
  const { empty } = useWords().list;
  return <Empty icon="inbox" title={empty[view]} hint={empty[`${view}Hint`]} />;
}

function ListFailed({ code, onRetry }: { code: FailureCode; onRetry: () => void }): ReactNode {
  const words = useWords();
  return (
    <Empty icon="alert" title={words.failed.load(words.problem[code])}>
      <button type="button" className="button" onClick={onRetry}>
        {words.retry}
      </button>
    </Empty>
  );
}
