/**
 * Our own id of a message, as WeCom takes it: at most 32 bytes of [0-9a-zA-Z_-]. It knows a message by it, so that one
 * sent twice is sent once. The entry's UUID in base64url, and the number of the part.
 */
export function kfMessageId(entryId: string, part: number): string {
  return `${Buffer.from(entryId.replaceAll('-', ''), 'hex').toString('base64url')}-${part}`;
}

/** The entry that an id of ours names; `undefined` when it is none of ours. */
export function entryOf(id: string): string | undefined {
  const [, body] = /^([\w-]{22})-\d{1,2}$/.exec(id) ?? [];
  if (!body) return undefined;
  const hex = Buffer.from(body, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
