import { Inject, Injectable } from '@nestjs/common';
import type { Bus } from '@yixian/bus';
import type {
  AgentId,
  AgentRef,
  Clock,
  ContactId,
  Conversation,
  ConversationId,
  ConversationQuery,
  DeskEvent,
  Entry,
  WriteMessage,
  WriteNote,
  WrittenEntry,
} from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { BUS, CLOCK, DATABASE } from '@yixian/service';
import type { Actor } from './actor.ts';

/** What became of a reply. `conflict` brings what colleagues wrote since the agent last looked. */
export type ReplyOutcome =
  | { outcome: 'written'; conversation: Conversation; entry: Entry }
  | { outcome: 'conflict'; entries: Entry[] }
  | { outcome: 'not_found' };

/** Conversations that are not closed. */
export interface ConversationCounts {
  unassigned: number;
  all: number;
  byAgent: Record<string, number>;
}

/** What changed since a browser last heard; `reset` when it was too much to tell. */
export interface Missed {
  missed: DeskEvent[];
  reset: boolean;
}

@Injectable()
export class Conversations {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  declare find: (id: ConversationId) => Promise<Conversation | undefined>;
  declare page: (query: ConversationQuery, agent: AgentId | undefined) => Promise<{ json: string }>;
  declare counts: () => Promise<ConversationCounts>;
  declare reply: (id: ConversationId, message: WriteMessage, by: Actor) => Promise<ReplyOutcome>;
  declare note: (id: ConversationId, note: WriteNote, by: Actor) => Promise<WrittenEntry | undefined>;
  declare assign: (id: ConversationId, to: AgentRef | null, by: Actor) => Promise<Conversation | undefined>;
  declare close: (id: ConversationId, by: Actor) => Promise<Conversation | undefined>;
  declare reopen: (id: ConversationId, by: Actor) => Promise<Conversation | undefined>;
  declare read: (id: ConversationId, seq: number, by: Actor) => Promise<Conversation | undefined>;
  declare missed: (contactId: ContactId, have: [ConversationId, number][]) => Promise<Missed>;
}
