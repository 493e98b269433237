import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@yixian/contracts';

/** What a token says of a key. */
export type LinkVerdict = 'valid' | 'expired' | 'invalid';

/**
 * Tokens that open stored files for a time, without cookies. A token is `<expiry>.<HMAC-SHA-256>`: the expiry in ms
 * since 1970, base 36, and the HMAC over it and the key (or `*`, which opens every key: for agents).
 */
export class MediaLinks {
  constructor(
    /** 32 bytes, the master secret's key for `media-links`. */
    private readonly secret: Buffer,
    private readonly clock: Clock,
  ) {}

  token({ key, ttlMs }: { key: string; ttlMs: number }): string {
    const expiry = Math.ceil(this.clock.now() + ttlMs).toString(36);
    return `${expiry}.${this.sign(key, expiry).toString('base64url')}`;
  }

  verify(token: string, key: string): LinkVerdict {
    const [, expiry, mac] = /^([0-9a-z]{1,11})\.([\w-]{43})$/.exec(token) ?? [];
    if (!expiry || !mac) return 'invalid';
    const given = Buffer.from(mac, 'base64url');
    const signed = [key, '*'].some((scope) => timingSafeEqual(given, this.sign(scope, expiry)));
    if (!signed) return 'invalid';
    return Number.parseInt(expiry, 36) > this.clock.now() ? 'valid' : 'expired';
  }

  private sign(scope: string, expiry: string): Buffer {
    return createHmac('sha256', this.secret).update(`${expiry}\n${scope}`).digest();
  }
}

/** Where {@link serveMedia} under `prefix` (`/media`) gives a file. The name is only for saving it. */
export function mediaUrl(prefix: string, file: { key: string; name: string }, token: string): string {
  return `${prefix}/${file.key}?t=${token}&name=${encodeURIComponent(file.name)}`;
}
