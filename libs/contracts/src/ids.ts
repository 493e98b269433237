import { z } from 'zod';

/**
 * Branded ids. All but the words a person chooses (channel, account, address) are UUIDs.
 * New random ids come from {@link newId}; ids derived from an event come from `@yixian/contracts/node`.
 */
const uuid = <B extends string>() => z.uuid().brand<B>();

export const EntryId = uuid<'EntryId'>();
export type EntryId = z.infer<typeof EntryId>;
export const ContactId = uuid<'ContactId'>();
export type ContactId = z.infer<typeof ContactId>;
export const IdentityId = uuid<'IdentityId'>();
export type IdentityId = z.infer<typeof IdentityId>;
export const ConversationId = uuid<'ConversationId'>();
export type ConversationId = z.infer<typeof ConversationId>;
export const AgentId = uuid<'AgentId'>();
export type AgentId = z.infer<typeof AgentId>;

/** An open word, never an enum: `chat`, `email`, `wechat`, … */
export const ChannelName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/)
  .brand<'ChannelName'>();
export type ChannelName = z.infer<typeof ChannelName>;

/** One configured endpoint of a channel: a web site, a mailbox, an official account. Chosen by a person or generated. */
export const AccountId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;

/** The customer's id on an account: a visitor id, an e-mail address, an openid, a phone number in E.164. */
export const Address = z.string().min(1).max(320).brand<'Address'>();
export type Address = z.infer<typeof Address>;

/** A new random id of the brand the caller names. */
export function newId<T extends string>(): T {
  return globalThis.crypto.randomUUID() as string as T;
}

/** The key that keeps everything about one customer on one account in order. */
export function customerKey(of: { channel: ChannelName; account: AccountId; address: Address }): string {
  return `${of.channel}:${of.account}:${of.address}`;
}
