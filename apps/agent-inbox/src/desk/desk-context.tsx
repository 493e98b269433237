import type { ContactId, ConversationId } from '@yixian/contracts';
import { createContext, use } from 'react';
import type { DeskState } from './desk-state.ts';
import { useDeskStore } from './desk-store.ts';
import type { Desk } from './desk.ts';
import type { TimelineWindow } from './timeline-window.ts';

const Context = createContext<Desk | undefined>(undefined);

export const DeskProvider = Context.Provider;

/** The desk of the agent who is logged in. */
export function useDesk(): Desk {
  const desk = use(Context);
  if (!desk) throw new Error('useDesk outside of DeskProvider.');
  return desk;
}

/** What `select` answers of the desk's state; it must answer stable values. */
export function useDeskState<T>(select: (state: DeskState) => T): T {
  return useDeskStore(useDesk().store, select);
}

export const useConversation = (id: ConversationId | undefined) =>
  useDeskState((state) => (id ? state.rows.get(id)?.conversation : undefined));

export const useTimeline = (id: ContactId): TimelineWindow | undefined =>
  useDeskState((state) => state.timelines.get(id));

export const useContact = (id: ContactId) => useDeskState((state) => state.contacts.get(id));
