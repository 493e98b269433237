import type { ContactId, Conversation, ConversationId } from '@yixian/contracts';
import { useMemo } from 'react';
import { useDeskState } from '../desk/desk-context.tsx';
import type { DeskState } from '../desk/desk-state.ts';
import { compareRows } from '../desk/inbox-view.ts';

/** All conversations of a contact that are known, newest first. The same array as long as none changed. */
export function useContactConversations(contactId: ContactId): readonly Conversation[] {
  return useDeskState(useMemo(() => memoized(contactId), [contactId]));
}

function memoized(contactId: ContactId): (state: DeskState) => readonly Conversation[] {
  let rows: DeskState['rows'] | undefined;
  let answer: readonly Conversation[] = [];
  return (state) => {
    if (state.rows === rows) return answer;
    rows = state.rows;
    const found: Conversation[] = [];
    for (const { conversation } of rows.values())
      if (conversation.contactId === contactId) found.push(conversation);
    found.sort(compareRows);
    if (found.length !== answer.length || found.some((one, index) => one !== answer[index])) answer = found;
    return answer;
  };
}

/** The conversation to act on: the chosen one, else the newest open, else the newest. */
export function currentConversation(
  conversations: readonly Conversation[],
  chosen: ConversationId | undefined,
): Conversation | undefined {
  return (
    conversations.find((one) => one.id === chosen) ??
    conversations.find((one) => one.state !== 'closed') ??
    conversations[0]
  );
}
