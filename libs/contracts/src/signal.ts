import { z } from 'zod';
import { AgentRef, Endpoint, Timestamp } from './common.ts';
import { ContactId } from './ids.ts';

/** Somebody types. True for five seconds unless said again. */
export const Typing = Endpoint.extend({
  kind: z.literal('typing'),
  by: z.enum(['customer', 'agent']),
  name: z.string().max(200).optional(),
  at: Timestamp,
});
export type Typing = z.infer<typeof Typing>;

/** The customer came or left, and where on the site they are. */
export const CustomerPresence = Endpoint.extend({
  kind: z.literal('customer.presence'),
  online: z.boolean(),
  page: z.object({ url: z.string().max(2000), title: z.string().max(300) }).optional(),
  at: Timestamp,
});
export type CustomerPresence = z.infer<typeof CustomerPresence>;

/** How many wait before this customer. 0: an agent is on the way. */
export const QueuePosition = Endpoint.extend({
  kind: z.literal('queue.position'),
  ahead: z.int().nonnegative(),
  at: Timestamp,
});
export type QueuePosition = z.infer<typeof QueuePosition>;

/** An agent looks at a contact, or stopped to (`contactId` null). True for 30 s unless said again. */
export const AgentViewing = z.object({
  kind: z.literal('agent.viewing'),
  agent: AgentRef,
  /** One browser tab. */
  tab: z.string().max(64),
  contactId: ContactId.nullable(),
  typing: z.boolean(),
  at: Timestamp,
});
export type AgentViewing = z.infer<typeof AgentViewing>;

/** Everything on `yixian.signals.v1`: worth seconds, kept for minutes, never stored. */
export const Signal = z.discriminatedUnion('kind', [Typing, CustomerPresence, QueuePosition, AgentViewing]);
export type Signal = z.infer<typeof Signal>;
