import type { ContactId, ConversationId } from '@yixian/contracts';
import { Activity, type ReactNode, useEffect, useState } from 'react';
import { Redirect, useSearchParams } from 'wouter';
import { ContactWorkspace } from '../contact/contact-workspace.tsx';
import { useDesk } from '../desk/desk-context.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { useWords } from '../words/words.tsx';
import { ConversationList } from './conversation-list.tsx';
import { viewNamed } from './inbox-place.ts';
import { ListResizer } from './list-resizer.tsx';

/** How many contacts stay mounted, so that going back to one costs nothing. */
const KEPT = 5;

/** List, timeline and contact side by side. */
export function InboxPage(of: { view: string; contactId: string | undefined }): ReactNode {
  const [search] = useSearchParams();
  const view = viewNamed(of.view);
  const contactId = of.contactId as ContactId | undefined;
  const conversationId = (search.get('c') ?? undefined) as ConversationId | undefined;
  const kept = useKept(contactId);
  if (!view) return <Redirect to="/inbox/mine" replace />;
  return (
    <div className="inbox" data-open={contactId ? '' : undefined}>
      <ErrorBoundary resetKey={view}>
        <ConversationList place={{ view, contactId, conversationId }} />
      </ErrorBoundary>
      <ListResizer />
      {!contactId && <NothingChosen />}
      {kept.toSorted().map((id) => (
        <Activity key={id} mode={id === contactId ? 'visible' : 'hidden'}>
          <ErrorBoundary>
            <ContactWorkspace
              contactId={id}
              chosen={id === contactId ? conversationId : undefined}
              view={view}
            />
          </ErrorBoundary>
        </Activity>
      ))}
    </div>
  );
}

/** The contacts shown last, newest at the end; tells the hub which these are. */
function useKept(contactId: ContactId | undefined): readonly ContactId[] {
  const { sync } = useDesk();
  const [kept, setKept] = useState<readonly ContactId[]>([]);
  if (contactId && kept.at(-1) !== contactId) {
    setKept([...kept.filter((id) => id !== contactId), contactId].slice(-KEPT));
  }
  useEffect(() => sync.openContacts(kept), [sync, kept]);
  useEffect(() => () => sync.openContacts([]), [sync]);
  return kept;
}

function NothingChosen(): ReactNode {
  const words = useWords();
  const { sync } = useDesk();
  useEffect(() => sync.viewing(null, false), [sync]);
  return (
    <section className="nothing-chosen">
      <Empty icon="chat" title={words.timeline.pick} hint={words.timeline.pickHint} />
    </section>
  );
}
