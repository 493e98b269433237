import { Injectable } from '@nestjs/common';
import type { AgentId, InboxCounts } from '@yixian/contracts';
import type { ConversationCounts } from '../conversations/conversation-list.ts';
import { Conversations } from '../conversations/conversations.ts';

/** How many conversations each view holds. Whoever asks gets a count that was begun after they asked. */
@Injectable()
export class InboxCounter {
  private running: Promise<ConversationCounts> | undefined;
  private next: Promise<ConversationCounts> | undefined;

  constructor(private readonly conversations: Conversations) {}

  /** All who ask while one count runs share the next. */
  count(): Promise<ConversationCounts> {
    if (!this.running) return this.begin();
    this.next ??= this.running.then(
      () => this.begin(),
      () => this.begin(),
    );
    return this.next;
  }

  async of(agent: AgentId | undefined): Promise<InboxCounts> {
    return countsOf(agent, await this.count());
  }

  private begin(): Promise<ConversationCounts> {
    this.next = undefined;
    this.running = this.conversations.counts().finally(() => (this.running = undefined));
    return this.running;
  }
}

export function countsOf(
  agent: AgentId | undefined,
  { unassigned, all, byAgent }: ConversationCounts,
): InboxCounts {
  return { mine: (agent && byAgent[agent]) ?? 0, unassigned, all };
}
