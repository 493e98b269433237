import type { AgentId, Conversation } from '@yixian/contracts';
import type { DeskState } from '../desk/desk-state.ts';

/**
 * The conversations in which the customer wrote between two states, and which concern this agent: their own and those
 * that nobody has taken.
 */
export function arrivals(before: DeskState, after: DeskState, me: AgentId): Conversation[] {
  if (before.rows === after.rows) return [];
  const found: Conversation[] = [];
  for (const { conversation } of after.rows.values()) {
    const known = before.rows.get(conversation.id)?.conversation;
    if (known === conversation || conversation.preview?.direction !== 'in') continue;
    const isNews = conversation.unread > (known?.unread ?? 0) && conversation.lastSeq > (known?.lastSeq ?? 0);
    if (isNews && (!conversation.assignee || conversation.assignee.id === me)) found.push(conversation);
  }
  return found;
}
