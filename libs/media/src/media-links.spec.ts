import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { TestClock } from '@yixian/contracts/testing';
import { MediaLinks, mediaUrl } from './media-links.ts';

const key = `aa/aa/${'a'.repeat(64)}`;
const other = `bb/bb/${'b'.repeat(64)}`;

describe('a media link', () => {
  const clock = new TestClock();
  const links = new MediaLinks(randomBytes(32), clock);

  test('opens its key, until it expires', () => {
    const token = links.token({ key, ttlMs: 1000 });
    expect(links.verify(token, key)).toBe('valid');
    expect(links.verify(token, other)).toBe('invalid');
    clock.advance(1000);
    expect(links.verify(token, key)).toBe('expired');
  });

  test('for * opens every key', () => {
    const token = links.token({ key: '*', ttlMs: 1000 });
    expect(links.verify(token, key)).toBe('valid');
    expect(links.verify(token, other)).toBe('valid');
  });

  test('cannot be made longer, by another secret, or from nothing', () => {
    const [expiry, mac] = links.token({ key, ttlMs: 1000 }).split('.');
    expect(links.verify(`z${expiry}.${mac}`, key)).toBe('invalid');
    expect(new MediaLinks(randomBytes(32), clock).verify(`${expiry}.${mac}`, key)).toBe('invalid');
    for (const token of ['', '.', `${expiry}.`, `${expiry}.${mac}x`, '0'.repeat(1000)]) {
      expect(links.verify(token, key)).toBe('invalid');
    }
  });

  test('carries the name', () => {
    expect(mediaUrl('/media', { key, name: 'a&b 文.png' }, 'T')).toBe(
      `/media/${key}?t=T&name=a%26b%20%E6%96%87.png`,
    );
  });
});
