import type { ContactId, ConversationId, InboxView } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { useDesk, useTimeline } from '../desk/desk-context.tsx';
import { useShortcut } from '../keyboard/shortcuts.ts';
import { useContextPane } from '../preferences/context-pane.ts';
import { TimelinePane } from '../timeline/timeline-pane.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { useObservable } from '../ui/observable.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useWords } from '../words/words.tsx';
import { ContactPane } from './contact-pane.tsx';
import { currentConversation, useContactConversations } from './use-contact-conversations.ts';

interface WorkspaceProps {
  contactId: ContactId;
  /** The conversation the URL names. */
  chosen: ConversationId | undefined;
  view: InboxView;
}

/** Everything about one contact: the timeline with its composer, and who it is. */
export function ContactWorkspace({ contactId, chosen, view }: WorkspaceProps): ReactNode {
  const window = useTimeline(contactId);
  const conversations = useContactConversations(contactId);
  const conversation = currentConversation(conversations, chosen);
  const context = useContextPane();
  useShortcut('\\', () => context.show(!context.shown));
  useShortcut('escape', () => context.show(false), context.shown && context.over);
  return (
    <>
      <ErrorBoundary>
        {window && conversation ? (
          <TimelinePane
            window={window}
            conversation={conversation}
            conversations={conversations}
            view={view}
          />
        ) : (
          <NotYet contactId={contactId} />
        )}
      </ErrorBoundary>
      {context.shown && (
        <ErrorBoundary>
          <ContactPane
            contactId={contactId}
            conversations={conversations}
            current={conversation}
            view={view}
          />
        </ErrorBoundary>
      )}
    </>
  );
}

function NotYet({ contactId }: { contactId: ContactId }): ReactNode {
  const words = useWords();
  const { sync } = useDesk();
  const failure = useObservable(sync.failures, (failures) => failures.get(`contact:${contactId}`));
  return (
    <section className="timeline-pane" aria-busy={!failure}>
      {failure ? (
        <Empty icon="alert" title={words.failed.load(words.problem[failure])}>
          <button type="button" className="button" onClick={() => void sync.ensure(contactId)}>
            {words.retry}
          </button>
        </Empty>
      ) : (
        <Skeleton rows={7} shape="bubble" />
      )}
    </section>
  );
}
