import type { Clock } from '@yixian/contracts';
import { Refused } from './refused.ts';

export interface Rate {
  /** Allowed in the long run, per second. */
  perSecond: number;
  /** Allowed at once after a quiet time. */
  burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Keys remembered at most; at ~100 bytes each this is 1 MB. The least recently used are forgotten first. */
const MOST_KEYS = 10_000;

/** A token bucket per key, in bounded memory: a forgotten key starts full again. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly rate: Rate,
    private readonly mostKeys = MOST_KEYS,
  ) {}

  /** Takes one token of `key`. Gives 0, or the seconds until there is one again. */
  take(key: string): number {
    const now = this.clock.monotonic();
    const { burst, perSecond } = this.rate;
    const { tokens, at } = this.buckets.get(key) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    this.remember(key, { tokens: filled >= 1 ? filled - 1 : filled, at: now });
    return filled >= 1 ? 0 : (1 - filled) / perSecond;
  }

  /** Throws {@link Refused} `rate_limited` when `key` has no token left. */
  check(key: string): void {
    const wait = this.take(key);
    if (wait > 0) {
      throw new Refused('rate_limited', 'Too many requests.', { retryAfter: Math.max(1, Math.ceil(wait)) });
    }
  }

  private remember(key: string, bucket: Bucket): void {
    // A map keeps the order of insertion: taken out and put in again, the first is the least recently used.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size <= this.mostKeys) return;
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}
