import type { Conversation, ConversationId } from '@yixian/contracts';
import { useEffect, useRef } from 'react';
import { useDesk } from '../desk/desk-context.tsx';

/**
 * Marks as read what is on screen: while the end of the timeline is in sight and the tab has the focus. A colleague's
 * conversation is left as it is.
 */
export function useReading(conversations: readonly Conversation[], atEnd: boolean): void {
  const { api, agent, store } = useDesk();
  const told = useRef(new Map<ConversationId, number>());
  useEffect(() => {
    const read = () => {
      if (!atEnd || document.hidden || !document.hasFocus()) return;
      for (const { id, unread, lastSeq, assignee } of conversations) {
        if (unread === 0 || (assignee && assignee.id !== agent.id) || told.current.get(id) === lastSeq)
          continue;
        told.current.set(id, lastSeq);
        api.read(id, lastSeq).then(
          (conversation) =>
            conversation?.id && store.dispatch({ type: 'rows', conversations: [conversation] }),
          () => told.current.delete(id),
        );
      }
    };
    read();
    addEventListener('focus', read);
    document.addEventListener('visibilitychange', read);
    return () => {
      removeEventListener('focus', read);
      document.removeEventListener('visibilitychange', read);
    };
  }, [api, store, agent.id, conversations, atEnd]);
}
