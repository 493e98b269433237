import { BlockList, isIPv6 } from 'node:net';
import type { Clock } from '@yixian/contracts';
import { networkOf, RateLimiter } from '@yixian/service';
import type { EmailSettings } from '../settings.ts';

/** Of all connections together: what is being received waits in memory until it is durable. In bytes. */
const MOST_IN_FLIGHT = 256 * 1024 * 1024;
/** Of the connections served at once, one network may hold this part. */
const SHARE = 5;

/** How much the receiver takes, and of whom. */
export class SmtpLimits {
  private readonly trusted = new BlockList();
  private readonly rate: RateLimiter;
  private readonly open = new Map<string, number>();
  private inFlight = 0;

  constructor(
    private readonly settings: EmailSettings,
    clock: Clock,
  ) {
    const perSecond = settings.MAIL_IN_PER_SECOND;
    this.rate = new RateLimiter(clock, { perSecond, burst: perSecond * 20 });
    for (const network of settings.MAIL_TRUSTED_NETWORKS) {
      const [address = '', bits] = network.split('/');
      this.trusted.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
    }
  }

  trusts(address: string): boolean {
    const plain = plainAddress(address);
    return this.trusted.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }

  /** Whether one more connection may be served. Whoever was let in must {@link leave}. */
  enter(address: string): boolean {
    const network = networkOf(plainAddress(address));
    const held = this.open.get(network) ?? 0;
    const most = Math.max(2, Math.ceil(this.settings.MAIL_IN_CONNECTIONS / SHARE));
    if (!this.trusts(address) && held >= most) return false;
    this.open.set(network, held + 1);
    return true;
  }

  leave(address: string): void {
    const network = networkOf(plainAddress(address));
    const held = (this.open.get(network) ?? 1) - 1;
    if (held > 0) this.open.set(network, held);
    else this.open.delete(network);
  }

  /** Whether one more mail may come now. */
  mayBring(address: string): boolean {
    return this.trusts(address) || this.rate.take(networkOf(plainAddress(address))) === 0;
  }

  /** Whether so many more bytes may be held in memory. Whatever was taken must be given back. */
  hold(bytes: number): boolean {
    if (this.inFlight + bytes > MOST_IN_FLIGHT) return false;
    this.inFlight += bytes;
    return true;
  }

  release(bytes: number): void {
    this.inFlight -= bytes;
  }
}

const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');
