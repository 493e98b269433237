import type { VisitorAnswer, VisitorRequests } from '@yixian/contracts/visitor-socket';
import type { Outbox, Pending } from './outbox.ts';

/** What a delivery is done with. */
interface DeliveryMeans {
  isUp(): boolean;
  /** Undefined when no answer came: the line broke. */
  say(message: VisitorRequests['say'][0]): Promise<VisitorAnswer<'say'> | undefined>;
  changed(): void;
}

/** Brings what lies in the outbox to the server, one message after the other, until it is there or refused. */
export class Delivery {
  constructor(
    private readonly outbox: Outbox,
    private readonly means: DeliveryMeans,
  ) {}

  /** Goes on, if nothing is under way. */
  flush(): void {
    const message = this.means.isUp() ? this.outbox.next() : undefined;
    if (message) void this.deliver(message);
    this.means.changed();
  }

  private async deliver({ nonce, text, files, answers }: Pending): Promise<void> {
    this.outbox.mark(nonce, 'sending');
    const answer = await this.means.say({ nonce, text, files, answers });
    if (!answer) return this.again(nonce, 1);
    if ('error' in answer) {
      const { code, retryAfter } = answer.error;
      if (code === 'rate_limited' || code === 'unavailable') return this.again(nonce, retryAfter ?? 2);
      this.outbox.mark(nonce, 'failed', code);
    } else this.outbox.mark(nonce, 'accepted');
    this.flush();
  }

  private again(nonce: string, seconds: number): void {
    this.outbox.mark(nonce, 'waiting');
    this.means.changed();
    setTimeout(() => this.flush(), seconds * 1000);
  }
}
