import { z } from 'zod';
import { Attachment, Endpoint, MAX_TEXT, Payload, Timestamp } from './common.ts';
import { conversationStates } from './conversation-state.ts';
import { ConversationId, EntryId } from './ids.ts';
import { Subject, Thread } from './inbound.ts';

/** Send this to the customer: at most once, and say what became of it by a receipt. */
export const SendMessage = Endpoint.extend({
  kind: z.literal('message.send'),
  id: EntryId,
  conversationId: ConversationId,
  author: z.object({ kind: z.enum(['agent', 'bot', 'system']), name: z.string().max(200).optional() }),
  text: z.string().max(MAX_TEXT),
  attachments: z.array(Attachment).max(50),
  payload: Payload,
  /** The native id of the customer's newest message, for channels that thread. */
  inReplyTo: z.string().max(512).optional(),
  /** Of the conversation, as its first message named them. */
  thread: Thread.optional(),
  subject: Subject.optional(),
  createdAt: Timestamp,
});
export type SendMessage = z.infer<typeof SendMessage>;

/** The conversation changed in a way the customer may be shown: who serves, that it was closed. */
export const ConversationShown = Endpoint.extend({
  kind: z.literal('conversation.shown'),
  id: z.uuid(),
  conversationId: ConversationId,
  version: z.int().nonnegative(),
  state: z.enum(conversationStates),
  agentName: z.string().max(200).nullable(),
  occurredAt: Timestamp,
});
export type ConversationShown = z.infer<typeof ConversationShown>;

/** An agent has read everything the customer wrote up to this entry. */
export const ReadByAgent = Endpoint.extend({
  kind: z.literal('read.by-agent'),
  id: z.uuid(),
  conversationId: ConversationId,
  upTo: EntryId,
  occurredAt: Timestamp,
});
export type ReadByAgent = z.infer<typeof ReadByAgent>;

/** Everything on `yixian.outbound.<channel>.v1`, in order per customer. */
export const OutboundCommand = z.discriminatedUnion('kind', [SendMessage, ConversationShown, ReadByAgent]);
export type OutboundCommand = z.infer<typeof OutboundCommand>;
