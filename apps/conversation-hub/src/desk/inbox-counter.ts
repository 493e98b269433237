import { Injectable } from '@nestjs/common';
import type { AgentId, InboxCounts } from '@yixian/contracts';
import type { ConversationCounts } from '../conversations/conversation-list.ts';
import { Conversations } from '../conversations/conversations.ts';

/** How many conversations each view holds. Those who ask while it is being counted share one answer. */
@Injectable()
export class InboxCounter {
  private counting: Promise<ConversationCounts> | undefined;

  constructor(private readonly conversations: Conversations) {}

  count(): Promise<ConversationCounts> {
    this.counting ??= this.conversations.counts().finally(() => (this.counting = undefined));
    return this.counting;
  }

  async of(agent: AgentId | undefined): Promise<InboxCounts> {
    return countsOf(agent, await this.count());
  }
}

export function countsOf(
  agent: AgentId | undefined,
  { unassigned, all, byAgent }: ConversationCounts,
): InboxCounts {
  return { mine: (agent && byAgent[agent]) ?? 0, unassigned, all };
}
