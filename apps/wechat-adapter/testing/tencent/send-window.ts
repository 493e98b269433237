import type { Clock } from '@yixian/contracts';

const HOURS_48 = 48 * 3_600_000;
const MINUTE = 60_000;

/** What one customer allows, counted as Tencent counts: apart from how the adapter does. */
export class SendWindow {
  private long: { until: number; left: number } | undefined;
  private moments: { until: number; left: number }[] = [];
  private heardAt = -Infinity;
  private typingUntil = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** A message: five replies in 48 hours. Anything else: three in a minute. */
  open(by: 'message' | 'moment'): void {
    const now = this.clock.now();
    this.heardAt = now;
    if (by === 'message') this.long = { until: now + HOURS_48, left: 5 };
    else this.moments.push({ until: now + MINUTE, left: 3 });
  }

  /** Counts one reply. 45015: nothing is open; 45047: what is open is used up. */
  spend(): 0 | 45015 | 45047 {
    const now = this.clock.now();
    this.moments = this.moments.filter(({ until }) => until > now);
    const open = [...this.moments, ...(this.long && this.long.until > now ? [this.long] : [])];
    if (open.length === 0) return 45015;
    const usable = open.find(({ left }) => left > 0);
    if (!usable) return 45047;
    usable.left -= 1;
    return 0;
  }

  /** 45080: it is too long since the customer did something; 45081: it is shown already. */
  type(): 0 | 45080 | 45081 {
    const now = this.clock.now();
    if (now - this.heardAt > 30_000) return 45080;
    if (now < this.typingUntil) return 45081;
    this.typingUntil = now + 15_000;
    return 0;
  }
}
