import type { AgentId, Conversation, InboxView } from '@yixian/contracts';
import { useMemo } from 'react';
import { useDesk, useDeskState } from './desk-context.tsx';
import type { DeskState } from './desk-state.ts';
import { conversationsIn } from './inbox-view.ts';

/** The conversations of a view, sorted anew only when a row or the view changed. */
export function useConversations(view: InboxView): readonly Conversation[] {
  const { agent } = useDesk();
  const select = useMemo(() => memoized(view, agent.id), [view, agent.id]);
  return useDeskState(select);
}

function memoized(view: InboxView, me: AgentId): (state: DeskState) => readonly Conversation[] {
  let rows: DeskState['rows'] | undefined;
  let listed: DeskState['views'][InboxView] | undefined;
  let answer: readonly Conversation[] = [];
  return (state) => {
    if (state.rows === rows && state.views[view] === listed) return answer;
    [rows, listed] = [state.rows, state.views[view]];
    return (answer = conversationsIn(state, view, me));
  };
}
