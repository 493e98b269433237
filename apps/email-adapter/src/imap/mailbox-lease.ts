import type { ChannelStore } from '@yixian/channel';
import type { Cancel, Clock } from '@yixian/contracts';
import { newId } from '@yixian/contracts';

const LEASE_MS = 15_000;
const BEAT_MS = 4_000;

export interface LeaseHolder {
  onTaken(): void;
  onLost(): void;
}

/**
 * The right to read a mailbox: of many processes one holds it, by a row that it renews. A process that is slow to
 * notice that it lost it reads the same mails as its successor, which costs work and nothing else.
 */
export class MailboxLease {
  private readonly me = newId<string>();
  private held = false;
  private stopped = false;
  private cancel: Cancel = () => undefined;
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly key: string,
    private readonly means: {
      store: ChannelStore;
      clock: Clock;
      warn(message: string, error: unknown): void;
    },
    private readonly holder: LeaseHolder,
  ) {}

  start(): void {
    this.beating = this.beat();
  }

  /** Lets go at once, so that another process need not wait for the lease to run out. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.beating;
    if (!this.held) return;
    this.held = false;
    await this.means.store.delete(this.key).catch(() => undefined);
  }

  private async beat(): Promise<void> {
    const before = this.held;
    try {
      this.held = before ? await this.renew() : await this.take();
    } catch (error) {
      this.means.warn('The right to read a mailbox could not be renewed.', error);
    }
    if (this.stopped) return;
    if (this.held && !before) this.holder.onTaken();
    if (!this.held && before) this.holder.onLost();
    this.cancel = this.means.clock.after(BEAT_MS, () => (this.beating = this.beat()));
  }

  private take(): Promise<boolean> {
    return this.means.store.add(this.key, this.me, this.end());
  }

  private async renew(): Promise<boolean> {
    if ((await this.means.store.get(this.key)) !== this.me) return this.take();
    await this.means.store.put(this.key, this.me, this.end());
    return true;
  }

  private end(): { expiresAt: number } {
    return { expiresAt: this.means.clock.now() + LEASE_MS };
  }
}
