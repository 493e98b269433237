import type {
  AgentRef,
  Attachment,
  Author,
  Conversation,
  ConversationId,
  ConversationState,
  Entry,
  EntryId,
  EntryKind,
  Payload,
  TimelineEvent,
} from '@yixian/contracts';
import type { Queryable } from '@yixian/database';
import { plainJson } from './plain-text.ts';

/** An entry to write. The log gives it its place. */
export interface FreshEntry {
  id: EntryId;
  kind: EntryKind;
  direction: 'out' | 'internal';
  author: Author;
  text: string;
  payload: Payload;
  attachments: Attachment[];
}

/** What an entry changes beside being there. */
export interface Moves {
  state?: ConversationState;
  assignee?: AgentRef | null;
}

export type Recorded = Extract<TimelineEvent, { kind: 'entry.recorded' }>;
export type Changed = Extract<TimelineEvent, { kind: 'conversation.changed' }>;

/** Writes to conversations inside one transaction. `now` is in microseconds since 1970. */
export class ConversationLog {
  constructor(
    private readonly tx: Queryable,
    private readonly now: number,
  ) {}

  /** Locks the conversation until the transaction ends, and gives it as it stands. */
  async hold(id: ConversationId): Promise<Conversation | undefined> {
    const [row] = await this.tx.query<{ conversation: Conversation }>(
      {
        name: 'hub.conversation.hold',
        // Locked before anything is joined: a row that moved to another contact meanwhile must not get lost.
        text: `with held as materialized (select c from hub.conversation c where c.id = $1 for update)
          select hub.conversation_json(h.c, t) as conversation
          from held h left join hub.contact t on t.id = (h.c).contact_id`,
      },
      [id],
    );
    return row?.conversation;
  }

  /** The next version of a held conversation: an entry. */
  async write(id: ConversationId, entry: FreshEntry, moves: Moves = {}): Promise<Recorded> {
    const [row] = await this.tx.query<{ event: Recorded }>(
      { name: 'hub.record_entry', text: 'select hub.record_entry($1, $2, $3, $4) as event' },
      [id, plainJson(entry), plainJson(moves), this.now],
    );
    return row!.event;
  }

  /** The next version of a held conversation: a change without an entry. */
  async change(
    id: ConversationId,
    what: 'read',
    by: string,
    change: { data: Payload; moves: { readSeq: number; unread: number } },
  ): Promise<Changed> {
    const [row] = await this.tx.query<{ event: Changed }>(
      { name: 'hub.record_change', text: 'select hub.record_change($1, $2, $3, $4, $5, $6) as event' },
      [id, what, by, plainJson(change.data), plainJson(change.moves), this.now],
    );
    return row!.event;
  }

  /** An entry that was written before, in whatever conversation. */
  async written(id: EntryId): Promise<Entry | undefined> {
    const [row] = await this.tx.query<{ entry: Entry }>(
      {
        name: 'hub.entry.written',
        text: `select hub.entry_json(e, d) as entry
          from hub.entry e left join hub.delivery d on d.entry_id = e.id where e.id = $1`,
      },
      [id],
    );
    return row?.entry;
  }

  /** What others than this author sent to the customer after `seq`, oldest first, 50 at most. */
  async sentByOthers(id: ConversationId, after: number, author: string): Promise<Entry[]> {
    const rows = await this.tx.query<{ entry: Entry }>(
      {
        name: 'hub.entries.sent_by_others',
        text: `select hub.entry_json(e, d) as entry
          from hub.entry e left join hub.delivery d on d.entry_id = e.id
          where e.conversation_id = $1 and e.seq > $2 and e.direction = 'out' and e.author->>'id' is distinct from $3
          order by e.seq limit 50`,
      },
      [id, after, author],
    );
    return rows.map(({ entry }) => entry);
  }

  /** The channel's own id of the customer's newest message. */
  async newestNativeId(id: ConversationId): Promise<string | null> {
    const [row] = await this.tx.query<{ nativeId: string | null }>(
      {
        name: 'hub.entry.newest_native_id',
        text: `select native_id as "nativeId" from hub.entry
          where conversation_id = $1 and direction = 'in' and kind = 'message' order by seq desc limit 1`,
      },
      [id],
    );
    return row?.nativeId ?? null;
  }
}
