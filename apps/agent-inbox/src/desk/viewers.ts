import type { AgentId, AgentRef, ContactId } from '@yixian/contracts';
import type { DeskState } from './desk-state.ts';

/** A viewer is believed for this long unless it is said again; typing likewise. */
const VIEWING_LASTS = 30_000;
const TYPING_LASTS = 5000;

/** The colleagues who look at a contact now, each once, and whether they type. */
export function viewersOf(
  viewers: DeskState['viewers'],
  contactId: ContactId,
  me: AgentId,
  now: number,
): { agent: AgentRef; typing: boolean }[] {
  const found = new Map<AgentId, { agent: AgentRef; typing: boolean }>();
  for (const { agent, contactId: seen, typing, at } of viewers.values()) {
    if (seen !== contactId || agent.id === me || now - at > VIEWING_LASTS) continue;
    found.set(agent.id, { agent, typing: typing || found.get(agent.id)?.typing === true });
  }
  return [...found.values()];
}

/** Whether the customer typed within the last seconds. */
export const isTyping = (at: number | undefined, now: number): boolean =>
  at !== undefined && now - at < TYPING_LASTS;
