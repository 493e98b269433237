import { createHash } from 'node:crypto';
import type { AccountId, ChannelName, EntryId } from '../ids.ts';

/**
 * A UUID (version 8, RFC 9562 section 5.8) made from the first 16 bytes of the SHA-256 of `parts`.
 * The same parts give the same id, so that whatever a crash takes back is made again identically.
 */
export function derivedId<T extends string>(...parts: string[]): T {
  const digest = createHash('sha256').update(parts.join('\0')).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}` as T;
}

/** The id of the entry that a native message becomes. It is also its dedupe key: the same message, the same id. */
export function entryIdOf(channel: ChannelName, account: AccountId, nativeId: string): EntryId {
  return derivedId<EntryId>('entry', channel, account, nativeId);
}
