import { randomBytes } from 'node:crypto';
import type { AccountId, ChannelName } from '@yixian/contracts';

const MAX_LENGTH = 48;

/** An id that tells people which account it is, from its name; a few random letters keep it apart from others. */
export function accountIdFrom(name: string, channel: ChannelName): AccountId {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');
  return `${words || channel}-${randomBytes(3).toString('hex')}` as AccountId;
}
