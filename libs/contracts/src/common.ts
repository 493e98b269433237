import { z } from 'zod';
import { AccountId, Address, AgentId, ChannelName } from './ids.ts';

export const Timestamp = z.iso.datetime({ offset: true });

/** Extras that only one channel and its own pane understand. Plain JSON. */
export const Payload = z.record(z.string(), z.json());
export type Payload = z.infer<typeof Payload>;

/** The most characters one entry's text may hold. */
export const MAX_TEXT = 100_000;
/** The most bytes one attachment may hold (20 MiB), unless the account says less. */
export const MAX_ATTACHMENT = 20 * 1024 * 1024;

/** A stored file. `key` is its place in the media store; the type is sniffed, never believed. */
export const Attachment = z.object({
  key: z.string().regex(/^[a-z0-9/_-]{1,200}$/),
  name: z.string().max(255),
  type: z.string().max(127),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
});
export type Attachment = z.infer<typeof Attachment>;

/** Where a customer is reached. */
export const Endpoint = z.object({ channel: ChannelName, account: AccountId, address: Address });
export type Endpoint = z.infer<typeof Endpoint>;

export const Author = z.object({
  kind: z.enum(['customer', 'agent', 'system', 'bot']),
  id: z.string().max(320).optional(),
  name: z.string().max(200).optional(),
});
export type Author = z.infer<typeof Author>;

export const AgentRef = z.object({ id: AgentId, name: z.string() });
export type AgentRef = z.infer<typeof AgentRef>;
