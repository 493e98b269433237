import type { Clock } from '@yixian/contracts';
import { RateLimiter } from '@yixian/service';
import type { ChatWidgetSettings } from '../settings.ts';

/** Files that one visitor may send per second; ten at once. */
const UPLOADS_PER_SECOND = 0.2;
/** Marks, pages, typing and the like that one tab may send per second. */
const NOTICES_PER_SECOND = 10;

/** How much of everything one visitor, tab or network address may ask of us. */
export class VisitorLimits {
  readonly connects: RateLimiter;
  readonly says: RateLimiter;
  readonly saysOfNetwork: RateLimiter;
  readonly uploads: RateLimiter;
  readonly notices: RateLimiter;

  constructor(settings: ChatWidgetSettings, clock: Clock) {
    const { VISITOR_CONNECTS_PER_SECOND: connects, VISITOR_MESSAGES_PER_SECOND: says } = settings;
    this.connects = new RateLimiter(clock, { perSecond: connects, burst: Math.max(1, 2 * connects) });
    this.says = new RateLimiter(clock, { perSecond: says, burst: Math.max(1, 10 * says) });
    this.saysOfNetwork = new RateLimiter(clock, { perSecond: 25 * says, burst: Math.max(1, 100 * says) });
    this.uploads = new RateLimiter(clock, { perSecond: UPLOADS_PER_SECOND, burst: 10 });
    this.notices = new RateLimiter(clock, { perSecond: NOTICES_PER_SECOND, burst: 5 * NOTICES_PER_SECOND });
  }
}
