import { z } from 'zod';
import { AgentRef, Timestamp } from './common.ts';
import type { InboxCounts } from './desk-api.ts';
import type { Contact, Conversation, Delivery, Entry } from './entry.ts';
import { ContactId, ConversationId } from './ids.ts';
import type { EntryId, IdentityId } from './ids.ts';

/**
 * The desk's socket: Socket.IO namespace `/agent`, logged in by the session cookie (same origin) or
 * `auth: { token }`.
 *
 * Every change of a conversation carries its `version`, which grows by one each time. For the contacts a browser
 * watches it applies version n+1 after n, drops what it has, and on a hole asks again by `watch` with what it has.
 * For lists only the newest row counts.
 */

/** What the browser holds of each conversation of a contact. */
export const Have = z.array(z.tuple([ConversationId, z.int().nonnegative()])).max(1000);

/** `watch` (acknowledged with {@link Watched}): the entries of this contact from now on, and all I missed. */
export const Watch = z.object({ contactId: ContactId, have: Have });
export type Watch = z.infer<typeof Watch>;
/** `missed` in order, or `reset: true`: too much was missed, fetch a fresh page. */
export interface Watched {
  missed: DeskEvent[];
  reset: boolean;
  serverTime: string;
}

/** `unwatch`. */
export const Unwatch = z.object({ contactId: ContactId });

/** `viewing`: what this tab looks at; said again every 20 s. */
export const Viewing = z.object({ contactId: ContactId.nullable(), typing: z.boolean() });
export type Viewing = z.infer<typeof Viewing>;

/** `typing`: the agent types to the customer of this conversation; at most one in 2 s. */
export const AgentTypes = z.object({ conversationId: ConversationId });

/** `sync` (acknowledged with {@link Synced}): first thing after each connect. */
export interface Synced {
  counts: InboxCounts;
  viewing: { agent: AgentRef; tab: string; contactId: ContactId; typing: boolean }[];
  build: string;
  serverTime: string;
}

/** `events`: an array of these, in order. Conversation rows go to every agent, entries to those who watch. */
export type DeskEvent =
  | { type: 'entry'; conversation: Conversation; entry: Entry }
  | { type: 'conversation'; conversation: Conversation }
  | {
      type: 'delivery';
      conversationId: ConversationId;
      contactId: ContactId;
      version: number;
      entryId: EntryId;
      delivery: Delivery;
    }
  | { type: 'contact'; contact: Contact }
  | { type: 'moved'; identityId: IdentityId; from: ContactId; to: ContactId }
  | { type: 'typing'; contactId: ContactId; conversationId: ConversationId; at: string }
  | { type: 'presence'; contactId: ContactId; online: boolean; page?: { url: string; title: string } }
  | { type: 'viewing'; agent: AgentRef; tab: string; contactId: ContactId | null; typing: boolean }
  | { type: 'counts'; counts: InboxCounts };

/** `resync`: this browser was too slow and what was queued for it was dropped. Do as after a reconnect. */
export const Resync = z.object({ at: Timestamp });
