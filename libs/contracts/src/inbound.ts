import { z } from 'zod';
import { Attachment, Endpoint, MAX_TEXT, Payload, Timestamp } from './common.ts';
import { deliveryStates } from './delivery.ts';
import { Allowance, Claim, Undeliverable } from './entry.ts';
import { ConversationId, EntryId } from './ids.ts';

/** What the channel knows of the sender. Nothing here is proof of who it is. */
export const Sender = z.object({
  name: z.string().max(200).optional(),
  avatarUrl: z.string().max(2000).optional(),
  locale: z.string().max(35).optional(),
  claims: z.array(Claim).max(20),
  attributes: Payload.optional(),
});
export type Sender = z.infer<typeof Sender>;

/** A name that a channel gives to one of several conversations of a customer: a mail's thread. */
export const Thread = z.string().min(1).max(512);
export const Subject = z.string().max(500);

/** A customer wrote. `id` is derived from (channel, account, nativeId) and is the dedupe key. */
export const MessageReceived = Endpoint.extend({
  kind: z.literal('message.received'),
  id: EntryId,
  nativeId: z.string().min(1).max(512),
  occurredAt: Timestamp,
  receivedAt: Timestamp,
  sender: Sender,
  text: z.string().max(MAX_TEXT),
  attachments: z.array(Attachment).max(50),
  payload: Payload,
  /** Which of the customer's threads it belongs to; absent: their one conversation on this account. */
  thread: Thread.optional(),
  /** What a conversation that begins with it is about. */
  subject: Subject.optional(),
  /** Another conversation that it quotes: one that begins with it is linked to that. */
  relatedTo: ConversationId.optional(),
});
export type MessageReceived = z.infer<typeof MessageReceived>;

/** The channel's word about an outbound message. */
export const ReceiptReported = Endpoint.extend({
  kind: z.literal('receipt.reported'),
  id: z.uuid(),
  /** The outbound message, by our id. */
  messageId: EntryId,
  nativeId: z.string().max(512).optional(),
  state: z.enum(deliveryStates),
  reason: z.string().max(500).optional(),
  occurredAt: Timestamp,
});
export type ReceiptReported = z.infer<typeof ReceiptReported>;

/** The channel learned something about who the customer is, apart from any message. */
export const IdentityAsserted = Endpoint.extend({
  kind: z.literal('identity.asserted'),
  id: z.uuid(),
  sender: Sender,
  occurredAt: Timestamp,
});
export type IdentityAsserted = z.infer<typeof IdentityAsserted>;

/** The customer rated a conversation that was closed. */
export const SurveyAnswered = Endpoint.extend({
  kind: z.literal('survey.answered'),
  id: EntryId,
  conversationId: ConversationId,
  score: z.int().min(1).max(5),
  text: z.string().max(4000),
  occurredAt: Timestamp,
  receivedAt: Timestamp,
});
export type SurveyAnswered = z.infer<typeof SurveyAnswered>;

/** What the channel knows now of writing to an address. What is absent stays as it was; null takes it back. */
export const AddressReported = Endpoint.extend({
  kind: z.literal('address.reported'),
  id: z.uuid(),
  undeliverable: Undeliverable.nullable().optional(),
  allowance: Allowance.nullable().optional(),
  occurredAt: Timestamp,
});
export type AddressReported = z.infer<typeof AddressReported>;

/** Everything on `yixian.inbound.v1`, in order per customer. */
export const InboundEvent = z.discriminatedUnion('kind', [
  MessageReceived,
  ReceiptReported,
  IdentityAsserted,
  SurveyAnswered,
  AddressReported,
]);
export type InboundEvent = z.infer<typeof InboundEvent>;
