import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Bus, OutgoingEvent } from '@yixian/bus';
import type {
  AgentId,
  AgentRef,
  Clock,
  ContactId,
  Conversation,
  ConversationId,
  ConversationMove,
  ConversationQuery,
  EntryId,
  Payload,
  WriteMessage,
  WriteNote,
  WrittenEntry,
} from '@yixian/contracts';
import { moveConversation, timestamp } from '@yixian/contracts';
import { derivedId } from '@yixian/contracts/node';
import type { Database, Transaction } from '@yixian/database';
import { BUS, CLOCK, DATABASE } from '@yixian/service';
import type { Actor } from './actor.ts';
import { authorOf } from './actor.ts';
import { ConversationLog } from './conversation-log.ts';
import type { FreshEntry, Moves } from './conversation-log.ts';
import { countConversations, pageOfConversations } from './conversation-list.ts';
import type { ConversationCounts } from './conversation-list.ts';
import { happened, readBy, shown } from './events.ts';
import { missedOf } from './missed.ts';
import type { Missed } from './missed.ts';
import { replyTo } from './reply.ts';
import type { ReplyOutcome } from './reply.ts';
import { WaitingLine } from './waiting-line.ts';

interface Work {
  tx: Transaction;
  log: ConversationLog;
  now: number;
}

/**
 * The conversations and what agents do to them. Each change is one transaction: it locks the conversation, takes the
 * next version, and publishes exactly one event for it. Methods answer `undefined` when there is no such conversation.
 */
@Injectable()
export class Conversations {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Optional() @Inject(WaitingLine) private readonly line?: WaitingLine,
  ) {}

  async find(id: ConversationId): Promise<Conversation | undefined> {
    const [row] = await this.database.query<{ conversation: Conversation }>(
      {
        name: 'hub.conversation.find',
        text: `select hub.conversation_json(c, t) as conversation
          from hub.conversation c left join hub.contact t on t.id = c.contact_id where c.id = $1`,
      },
      [id],
    );
    return row?.conversation;
  }

  /** JSON text of `{ conversations, next }`; `mine` is empty without an agent. Throws InvalidPosition. */
  page(query: ConversationQuery, agent: AgentId | undefined): Promise<{ json: string }> {
    return pageOfConversations(this.database, query, agent);
  }

  counts(): Promise<ConversationCounts> {
    return countConversations(this.database);
  }

  /** See {@link ReplyOutcome}. Sending the same message again is the same message. Throws IllegalMove when closed. */
  async reply(id: ConversationId, message: WriteMessage, by: Actor): Promise<ReplyOutcome> {
    const outcome = await this.change(id, async (held, work) => {
      const decided = await replyTo(held, message, by, work);
      return { value: decided.outcome, events: decided.events, queueMoves: held.assignee === null };
    });
    return outcome ?? { outcome: 'not_found' };
  }

  /** A note that only agents see. The same note again is the same note. */
  note(id: ConversationId, note: WriteNote, by: Actor): Promise<WrittenEntry | undefined> {
    return this.change(id, async (held, { log }) => {
      const before = await log.written(note.id);
      if (before?.conversationId === id) return { value: { conversation: held, entry: before }, events: [] };
      const event = await log.write(id, internal('note', note.id, note.text, by));
      return { value: { conversation: event.conversation, entry: event.entry }, events: [happened(event)] };
    });
  }

  /** Gives the conversation to an agent, or back to nobody. Nothing happens when it is theirs already. */
  assign(id: ConversationId, to: AgentRef | null, by: Actor): Promise<Conversation | undefined> {
    return this.change(id, async (held, work) => {
      if (held.assignee?.id === to?.id) return { value: held, events: [] };
      return this.act(held, { act: 'assigned', to }, { assignee: to }, { by, work });
    });
  }

  /** Throws IllegalMove when it is closed. */
  close(id: ConversationId, by: Actor): Promise<Conversation | undefined> {
    return this.move(id, 'close', 'closed', by);
  }

  /** Throws IllegalMove when it is not closed. */
  reopen(id: ConversationId, by: Actor): Promise<Conversation | undefined> {
    return this.move(id, 'reopen', 'reopened', by);
  }

  /** Says that an agent has read up to `seq`. Nothing happens when no message of the customer is newly read by it. */
  read(id: ConversationId, seq: number, by: Actor): Promise<Conversation | undefined> {
    return this.change(id, async (held, { tx, log }) => {
      const [read] = await tx.query<{ upTo: EntryId | null; readSeq: number; unread: number }>(newlyRead, [
        id,
        seq,
      ]);
      if (!read?.upTo) return { value: held, events: [] };
      const { upTo, readSeq, unread } = read;
      const event = await log.change(id, 'read', by.name, {
        data: { seq: readSeq, by: by.id },
        moves: { readSeq, unread },
      });
      const events = [happened(event), readBy(event.conversation, upTo, timestamp(this.clock))];
      return { value: event.conversation, events };
    });
  }

  /** What a browser missed of a contact, in order. See {@link missedOf}. */
  missed(contactId: ContactId, have: [ConversationId, number][]): Promise<Missed> {
    return missedOf(this.database, contactId, have);
  }

  private move(
    id: ConversationId,
    move: ConversationMove,
    act: string,
    by: Actor,
  ): Promise<Conversation | undefined> {
    return this.change(id, (held, work) =>
      this.act(held, { act }, { state: moveConversation(held.state, move) }, { by, work }),
    );
  }

  /** What is worded by the desk and told to the customer: a system entry, and the conversation as it stands now. */
  private async act(
    held: Conversation,
    payload: Payload,
    moves: Moves,
    { by, work }: { by: Actor; work: Work },
  ): Promise<{ value: Conversation; events: OutgoingEvent[]; queueMoves: boolean }> {
    const entryId = derivedId<EntryId>('system', held.id, String(held.version + 1));
    const event = await work.log.write(held.id, { ...internal('system', entryId, '', by), payload }, moves);
    const { conversation } = event;
    return {
      value: conversation,
      events: [happened(event), shown(conversation, event.entry.recordedAt)],
      queueMoves: held.assignee === null || conversation.assignee === null,
    };
  }

  /** Holds the conversation, does the work, and publishes in the same transaction what it gave. */
  private change<T>(
    id: ConversationId,
    work: (
      held: Conversation,
      work: Work,
    ) => Promise<{ value: T; events: OutgoingEvent[]; queueMoves?: boolean }>,
  ): Promise<T | undefined> {
    return this.database.transaction(async (tx) => {
      const now = Math.round(this.clock.now() * 1000);
      const log = new ConversationLog(tx, now);
      const held = await log.hold(id);
      if (!held) return undefined;
      const { value, events, queueMoves } = await work(held, { tx, log, now });
      if (events.length > 0) await this.bus.publishWith(tx, events);
      if (queueMoves && events.length > 0) tx.afterCommit(() => this.line?.moved());
      return value;
    });
  }
}

const internal = (kind: 'note' | 'system', id: EntryId, text: string, by: Actor): FreshEntry => ({
  id,
  kind,
  direction: 'internal',
  author: authorOf(by),
  text,
  payload: {},
  attachments: [],
});

/** The newest message of the customer's up to a seq that was not read before, and how many are left after it. */
const newlyRead = {
  name: 'hub.conversation.newly_read',
  text: `
    select e.id as "upTo", e.seq as "readSeq", (
        select count(*) from hub.entry x
        where x.conversation_id = c.id and x.seq > e.seq and x.direction = 'in' and x.kind = 'message') as unread
    from hub.conversation c join hub.entry e on e.conversation_id = c.id
    where c.id = $1 and e.seq > c.read_seq and e.seq <= $2 and e.direction = 'in' and e.kind = 'message'
    order by e.seq desc limit 1`,
};
