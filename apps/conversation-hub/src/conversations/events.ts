import type { OutgoingEvent } from '@yixian/bus';
import type {
  Conversation,
  ConversationShown,
  Entry,
  EntryId,
  OutboundCommand,
  SendMessage,
  TimelineEvent,
} from '@yixian/contracts';
import { customerKey, outboundTopic, topics } from '@yixian/contracts';
import { derivedId } from '@yixian/contracts/node';

/** What happened to a conversation, as its event. */
export function happened(event: TimelineEvent & { conversation: Conversation }): OutgoingEvent {
  return { topic: topics.timeline, key: event.conversation.id, data: event };
}

/** A record of the timeline as an SQL function gives it (`bus.record`). `value` is JSON text of a TimelineEvent. */
export interface TimelineRecord {
  key: string;
  value: string;
}

/** The timeline records that an SQL function gave, as events to publish. */
export function recorded(records: TimelineRecord[]): OutgoingEvent[] {
  return records.map(({ key, value }) => {
    return { topic: topics.timeline, key, data: JSON.parse(value) as TimelineEvent };
  });
}

/** Something the customer's channel is to do. */
export function command(data: OutboundCommand): OutgoingEvent {
  return { topic: outboundTopic(data.channel), key: customerKey(data), data };
}

/** Shows the customer who serves and whether the conversation is closed. */
export function shown(conversation: Conversation, occurredAt: string): OutgoingEvent {
  const { id, version, channel, account, address, state, assignee } = conversation;
  return command({
    kind: 'conversation.shown',
    id: derivedId<ConversationShown['id']>('conversation.shown', id, String(version)),
    channel,
    account,
    address,
    conversationId: id,
    version,
    state,
    agentName: assignee?.name ?? null,
    occurredAt,
  });
}

/** The order to send an outbound entry to its customer. */
export function sending(conversation: Conversation, entry: Entry, inReplyTo: string | null): OutgoingEvent {
  const { channel, account, address, thread, subject } = conversation;
  const { kind, name } = entry.author as SendMessage['author'];
  return command({
    kind: 'message.send',
    id: entry.id,
    channel,
    account,
    address,
    conversationId: conversation.id,
    author: { kind, name },
    text: entry.text,
    attachments: entry.attachments,
    payload: entry.payload,
    ...(inReplyTo !== null && { inReplyTo }),
    ...(thread !== null && { thread }),
    ...(subject !== null && { subject }),
    createdAt: entry.recordedAt,
  });
}

/** Tells the customer's channel up to which of their messages an agent has read. */
export function readBy(conversation: Conversation, upTo: EntryId, occurredAt: string): OutgoingEvent {
  const { id, channel, account, address } = conversation;
  return command({
    kind: 'read.by-agent',
    id: derivedId<string>('read.by-agent', id, String(conversation.version)),
    channel,
    account,
    address,
    conversationId: id,
    upTo,
    occurredAt,
  });
}
