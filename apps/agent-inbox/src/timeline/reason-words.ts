import type { Words } from '../words/zh-cn.ts';

/** A mail that came back: why, in one word, and perhaps the status (RFC 3463) its server gave. */
const returned = /^([a-z-]+)(?: ([245]\.\d{1,3}\.\d{1,3}))?$/;

/** Why a message was not delivered or a customer cannot be reached, in words; as it stands, where there are none. */
export function reasonWords(reason: string, words: Words): string {
  const known = own(words.delivery.reasons, reason);
  if (known) return known;
  const [, code = '', status] = returned.exec(reason) ?? [];
  const why = own(words.mail.returned, code);
  if (!why) return reason;
  return status ? words.mail.withStatus(why, status) : why;
}

/** A reason is any text that a channel gives. */
const own = (all: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(all, key) ? all[key] : undefined;
