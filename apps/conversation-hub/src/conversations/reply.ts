import type { OutgoingEvent } from '@yixian/bus';
import type { Conversation, Entry, WriteMessage } from '@yixian/contracts';
import { deliveryMoves, moveConversation } from '@yixian/contracts';
import type { Transaction } from '@yixian/database';
import type { Actor } from './actor.ts';
import { authorOf } from './actor.ts';
import type { ConversationLog, FreshEntry, Moves } from './conversation-log.ts';
import { happened, recorded, sending, shown } from './events.ts';
import type { TimelineRecord } from './events.ts';

/** What became of a reply. `conflict` brings what colleagues wrote since the agent last looked. */
export type ReplyOutcome =
  | { outcome: 'written'; conversation: Conversation; entry: Entry }
  | { outcome: 'conflict'; entries: Entry[] }
  | { outcome: 'not_found' };

/** A reply that was decided, and what is to be published with it. */
export interface Decided {
  outcome: ReplyOutcome;
  events: OutgoingEvent[];
}

/**
 * Decides about a reply to a held conversation and writes it: the entry (queued), the agent as assignee when there was
 * none. The same message again changes nothing and gives what stands. Throws IllegalMove on a closed conversation.
 */
export async function replyTo(
  held: Conversation,
  message: WriteMessage,
  by: Actor,
  means: { tx: Transaction; log: ConversationLog; now: number },
): Promise<Decided> {
  const { log } = means;
  const before = await log.written(message.id);
  if (before) return { outcome: alreadyWritten(held, before), events: [] };
  if (!message.force) {
    const entries = await log.sentByOthers(held.id, message.seenSeq, by.id);
    if (entries.length > 0) return { outcome: { outcome: 'conflict', entries }, events: [] };
  }
  const moves = movesOf(held, by);
  const event = await log.write(held.id, entryOf(message, by), moves);
  const { conversation, entry } = event;
  const inReplyTo = await log.newestNativeId(held.id);
  return {
    outcome: { outcome: 'written', conversation, entry },
    events: [
      happened(event),
      sending(conversation, entry, inReplyTo),
      ...(moves.assignee ? [shown(conversation, entry.recordedAt)] : []),
      ...recorded(await earlyReceipts(entry, means)),
    ],
  };
}

/** An id that was used in another conversation is somebody's mistake; overwriting it would be ours. */
function alreadyWritten(held: Conversation, entry: Entry): ReplyOutcome {
  return entry.conversationId === held.id
    ? { outcome: 'written', conversation: held, entry }
    : { outcome: 'conflict', entries: [entry] };
}

function movesOf(held: Conversation, by: Actor): Moves {
  const state = moveConversation(held.state, 'reply');
  const takes = held.assignee === null && by.kind === 'agent';
  return takes ? { state, assignee: { id: by.id, name: by.name } as Moves['assignee'] } : { state };
}

function entryOf(message: WriteMessage, by: Actor): FreshEntry {
  const { id, text, payload, attachments } = message;
  return { id, kind: 'message', direction: 'out', author: authorOf(by), text, payload, attachments };
}

async function earlyReceipts(
  entry: Entry,
  { tx, now }: { tx: Transaction; now: number },
): Promise<TimelineRecord[]> {
  const [row] = await tx.query<{ records: TimelineRecord[] }>(
    {
      name: 'hub.apply_pending_receipts',
      text: 'select to_json(hub.apply_pending_receipts($1, $2, $3)) as records',
    },
    [entry.id, JSON.stringify(deliveryMoves), now],
  );
  return row!.records;
}
