import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Tencent's signature of a callback: SHA-1, in hex, over the parts sorted and joined. Plain pushes sign
 * (token, timestamp, nonce), encrypted ones (token, timestamp, nonce, Encrypt).
 * https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html
 */
export function signatureOf(...parts: string[]): string {
  return createHash('sha1').update(parts.toSorted(byBytes).join('')).digest('hex');
}

/** Compares in constant time, so that a forger learns nothing from how long a refusal takes. */
export function isSignature(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
