import { describe, expect, it } from '@jest/globals';
import { TestClock } from '@yixian/contracts/testing';
import { clientAddress, networkOf } from './client-address.ts';
import { RateLimiter } from './rate-limiter.ts';

describe('a rate limiter', () => {
  it('allows a burst, then what its rate gives back', () => {
    const clock = new TestClock();
    const limiter = new RateLimiter(clock, { perSecond: 2, burst: 3 });
    expect([1, 2, 3].map(() => limiter.take('a'))).toEqual([0, 0, 0]);
    expect(limiter.take('a')).toBeCloseTo(0.5);
    expect(limiter.take('b')).toBe(0);
    clock.advance(500);
    expect(limiter.take('a')).toBe(0);
    expect(() => limiter.check('a')).toThrow(
      expect.objectContaining({ code: 'rate_limited', options: { retryAfter: 1 } }),
    );
    clock.advance(60_000);
    expect([1, 2, 3, 4].map(() => limiter.take('a') === 0)).toEqual([true, true, true, false]);
  });

  it('forgets the least recently used when it would remember too many', () => {
    const limiter = new RateLimiter(new TestClock(), { perSecond: 1, burst: 1 }, 2);
    limiter.take('old');
    limiter.take('used');
    limiter.take('old');
    limiter.take('new');
    expect(limiter.take('old')).toBeGreaterThan(0);
    expect(limiter.take('used')).toBe(0);
  });
});

describe('the address of a client', () => {
  const from = (forwarded: string | undefined, proxies: number, remoteAddress = '10.0.0.1') =>
    clientAddress({ headers: { 'x-forwarded-for': forwarded }, remoteAddress }, proxies);

  it('is that of the connection when no proxy is trusted', () => {
    expect(from('1.2.3.4', 0)).toBe('10.0.0.1');
    expect(from(undefined, 0, '::ffff:10.0.0.9')).toBe('10.0.0.9');
  });

  it('is what the outermost of our proxies saw, whatever the client made up before it', () => {
    expect(from('6.6.6.6, 1.2.3.4', 1)).toBe('1.2.3.4');
    expect(from('6.6.6.6, 1.2.3.4, 10.0.0.2', 2)).toBe('1.2.3.4');
    expect(from('nonsense', 1)).toBe('10.0.0.1');
    expect(from(undefined, 1)).toBe('10.0.0.1');
  });

  it('is counted by the network a customer gets', () => {
    expect(networkOf('1.2.3.4')).toBe('1.2.3.4');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:0db8::1')).toBe('2001:db8:0:0::/64');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
  });
});
