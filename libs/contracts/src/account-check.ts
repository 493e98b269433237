import { z } from 'zod';
import { LocalText } from './account.ts';
import { Payload, Timestamp } from './common.ts';
import { AccountId, ChannelName } from './ids.ts';

/** One thing that a channel tried with an account, or knows of it, and how that stands, in words. */
export const AccountFinding = z.object({
  /** What was tried, as the channel calls it: `imap`, `smtp`, `dkim`, `login`, … */
  part: z.string().max(60),
  state: z.enum(['ok', 'warning', 'wrong', 'skipped']),
  says: LocalText,
  /** What a QR code must say that a person has to scan now, with the account's own phone. It is as good as a password. */
  scan: z.string().max(2000).optional(),
});
export type AccountFinding = z.infer<typeof AccountFinding>;

/** Try these settings, sealed as in `account.changed`. */
export const AccountCheckAsked = z.object({
  kind: z.literal('account.check.asked'),
  id: z.uuid(),
  channel: ChannelName,
  /** Null: an account that is not made yet. */
  account: AccountId.nullable(),
  name: z.string().max(200),
  settings: Payload,
  at: Timestamp,
});
export type AccountCheckAsked = z.infer<typeof AccountCheckAsked>;

/** How does an account that is saved stand at this moment? */
export const AccountStateAsked = z.object({
  kind: z.literal('account.state.asked'),
  id: z.uuid(),
  channel: ChannelName,
  account: AccountId,
  at: Timestamp,
});
export type AccountStateAsked = z.infer<typeof AccountStateAsked>;

/** `id` is that of either question. */
export const AccountCheckAnswered = z.object({
  kind: z.literal('account.check.answered'),
  id: z.uuid(),
  channel: ChannelName,
  findings: z.array(AccountFinding).max(50),
  at: Timestamp,
});
export type AccountCheckAnswered = z.infer<typeof AccountCheckAnswered>;

/** Everything on `yixian.checks.v1`: worth a minute, never stored. */
export const AccountCheckEvent = z.discriminatedUnion('kind', [
  AccountCheckAsked,
  AccountStateAsked,
  AccountCheckAnswered,
]);
export type AccountCheckEvent = z.infer<typeof AccountCheckEvent>;

/** Asks a channel to try settings before, or after, they are saved. Absent settings: those that are stored. */
export const CheckAccount = z
  .object({ channel: ChannelName, id: AccountId.optional(), settings: Payload.optional() })
  .refine(({ id, settings }) => id !== undefined || settings !== undefined, {
    message: 'Either an account or settings are needed.',
    path: ['settings'],
  });
export type CheckAccount = z.infer<typeof CheckAccount>;

export const AccountCheck = z.object({ findings: z.array(AccountFinding) });
export type AccountCheck = z.infer<typeof AccountCheck>;
