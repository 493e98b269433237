import type { AgentId, Conversation, InboxView } from '@yixian/contracts';
import type { DeskState } from './desk-state.ts';

export const inboxViews = ['mine', 'unassigned', 'all', 'closed'] as const satisfies InboxView[];

/** Whether a conversation belongs into a view, by the same rule as the hub's. */
export function isInView(conversation: Conversation, view: InboxView, me: AgentId): boolean {
  if (view === 'closed') return conversation.state === 'closed';
  if (conversation.state === 'closed') return false;
  if (view === 'mine') return conversation.assignee?.id === me;
  return view === 'all' || conversation.assignee === null;
}

/** Newest first; equal times by id, descending. */
export function compareRows(a: Conversation, b: Conversation): number {
  return Date.parse(b.lastAt) - Date.parse(a.lastAt) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/**
 * The conversations of a view, newest first, as far as it has been listed. Rows not heard of since the view was last
 * listed are left out: they may have gone meanwhile.
 */
export function conversationsIn(state: DeskState, view: InboxView, me: AgentId): Conversation[] {
  const { epoch, edge } = state.views[view];
  const listed: Conversation[] = [];
  for (const row of state.rows.values()) {
    if (row.epoch < epoch || !isInView(row.conversation, view, me)) continue;
    if (edge && compareRows(row.conversation, edge) > 0) continue;
    listed.push(row.conversation);
  }
  return listed.sort(compareRows);
}
