import type { ConversationState } from '@yixian/contracts';
import { moveConversation } from '@yixian/contracts';
import type { ChangeFact, EntryFact, Fact, ReplayedDelivery } from './fact.ts';

/** The derived columns of a conversation, by their names in the table. */
export interface ReplayedConversation {
  id: string;
  version: number;
  last_seq: number;
  ordered_at: number;
  /** Null: as old as the conversation. */
  last_at: number | null;
  heard_at: number | null;
  waiting_since: number | null;
  unread: number;
  read_seq: number;
  state: ConversationState;
  closed_at: string | null;
  assignee_id: string | null;
  assignee_name: string | null;
  preview_kind: string | null;
  preview_direction: string | null;
  preview_text: string | null;
}

/** A version or seq that the log lacks, or has twice. */
export interface Gap {
  conversation: string;
  after: number;
}

/** One conversation told again from its log. Knows nothing of the tables it is compared with. */
export class Replay {
  readonly conversation: ReplayedConversation;
  readonly deliveries = new Map<string, ReplayedDelivery>();
  readonly gaps: Gap[] = [];
  private unreadSeqs: number[] = [];

  constructor(id: string) {
    this.conversation = {
      id,
      version: 0,
      last_seq: 0,
      ordered_at: 0,
      last_at: null,
      heard_at: null,
      waiting_since: null,
      unread: 0,
      read_seq: 0,
      state: 'open',
      closed_at: null,
      assignee_id: null,
      assignee_name: null,
      preview_kind: null,
      preview_direction: null,
      preview_text: null,
    };
  }

  /** The next fact, by version. */
  add(fact: Fact): void {
    const { conversation } = this;
    if (fact.version !== conversation.version + 1) this.gap();
    conversation.version = fact.version;
    if ('change' in fact) this.change(fact);
    else this.entry(fact);
    conversation.unread = this.unreadSeqs.length;
  }

  private entry(entry: EntryFact): void {
    const { conversation } = this;
    if (entry.seq !== conversation.last_seq + 1 || entry.orderedAt <= conversation.ordered_at) this.gap();
    conversation.last_seq = entry.seq;
    conversation.ordered_at = entry.orderedAt;
    if (entry.kind === 'system') return this.act(entry);
    conversation.last_at = entry.orderedAt;
    conversation.preview_kind = entry.kind;
    conversation.preview_direction = entry.direction;
    conversation.preview_text = entry.preview;
    if (entry.direction === 'out') this.sent(entry);
    else if (entry.direction === 'in' && entry.kind === 'message') this.received(entry);
  }

  private received({ seq, orderedAt }: EntryFact): void {
    const { conversation } = this;
    conversation.state = moveConversation(conversation.state, 'receive');
    conversation.closed_at = null;
    conversation.heard_at = orderedAt;
    conversation.waiting_since ??= orderedAt;
    this.unreadSeqs.push(seq);
  }

  private sent({ conversation: of, entry, version, author, recordedAt }: EntryFact): void {
    const { conversation } = this;
    conversation.state = moveConversation(conversation.state, 'reply');
    conversation.waiting_since = null;
    if (conversation.assignee_id === null && author.kind === 'agent') this.assign(author);
    this.deliveries.set(entry, {
      entry_id: entry,
      conversation_id: of,
      version,
      at: recordedAt,
      state: 'queued',
      reason: null,
    });
  }

  private act({ act, recordedAt }: EntryFact): void {
    const { conversation } = this;
    if (act?.act === 'assigned') this.assign(act.to as { id: string; name: string } | null);
    if (act?.act === 'reopened') {
      conversation.state = moveConversation(conversation.state, 'reopen');
      conversation.closed_at = null;
    }
    if (act?.act === 'closed') {
      conversation.state = moveConversation(conversation.state, 'close');
      conversation.closed_at = recordedAt;
      conversation.waiting_since = null;
    }
  }

  private assign(to: { id?: string; name?: string } | null): void {
    this.conversation.assignee_id = to?.id ?? null;
    this.conversation.assignee_name = to?.name ?? null;
  }

  private change({ change, entry, version, data, at }: ChangeFact): void {
    if (change === 'read') {
      this.conversation.read_seq = data.seq as number;
      this.unreadSeqs = this.unreadSeqs.filter((seq) => seq > this.conversation.read_seq);
    }
    const delivery = change === 'delivery' && entry ? this.deliveries.get(entry) : undefined;
    if (!delivery) return;
    delivery.state = data.state as ReplayedDelivery['state'];
    delivery.reason = (data.reason as string | undefined) ?? null;
    Object.assign(delivery, { version, at });
  }

  private gap(): void {
    this.gaps.push({ conversation: this.conversation.id, after: this.conversation.version });
  }
}
