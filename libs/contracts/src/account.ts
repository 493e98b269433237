import { z } from 'zod';
import { Payload, Timestamp } from './common.ts';
import { AccountId, ChannelName } from './ids.ts';

export const LocalText = z.object({ 'zh-CN': z.string(), en: z.string() });
export type LocalText = z.infer<typeof LocalText>;

/** What a channel can do beside sending text. An open list: the desk shows what it knows and ignores the rest. */
export const Ability = z.string().regex(/^[a-z][a-z-]{0,31}$/);

/**
 * A channel tells the hub what it is. `settings` is the JSON Schema (2020-12) of an account's settings; property
 * keywords of our own: `x-label` and `x-help` (LocalText), `x-options` (LocalText for each value of an `enum`),
 * `x-secret: true` (sealed at rest, never given back), `x-agents: true` (agents see the value, not only admins),
 * `x-when` (shown only while other settings have one of these values: `{ provider: ['a', 'b'] }`).
 */
export const ChannelAnnounced = z.object({
  kind: z.literal('channel.announced'),
  id: z.uuid(),
  channel: ChannelName,
  name: LocalText,
  /** An inline SVG path on a 24×24 grid. */
  icon: z.string().max(4000),
  abilities: z.array(Ability),
  settings: Payload,
  at: Timestamp,
});
export type ChannelAnnounced = z.infer<typeof ChannelAnnounced>;

/** An account as adapters get it. Values of secret settings are sealed: `{ "sealed": "…" }`. */
export const AccountChanged = z.object({
  kind: z.literal('account.changed'),
  id: z.uuid(),
  account: AccountId,
  channel: ChannelName,
  name: z.string().max(200),
  settings: Payload,
  enabled: z.boolean(),
  /** True once the account was removed. */
  removed: z.boolean(),
  version: z.int().positive(),
  at: Timestamp,
});
export type AccountChanged = z.infer<typeof AccountChanged>;
