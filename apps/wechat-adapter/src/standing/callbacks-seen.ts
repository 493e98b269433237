import type { ChannelHost } from '@yixian/channel';
import type { AccountId } from '@yixian/contracts';

/** Written down this often at most, in ms. */
const NOTED_EVERY = 60_000;

/** When Tencent called last: to the minute for calls that another process took. */
export class CallbacksSeen {
  private lastAt = 0;
  private notedAt = 0;

  constructor(
    private readonly account: AccountId,
    private readonly host: Pick<ChannelHost, 'store' | 'clock' | 'log'>,
  ) {}

  /** Nobody waits for it, and nothing depends on it. */
  note(): void {
    this.lastAt = this.host.clock.now();
    if (this.lastAt - this.notedAt < NOTED_EVERY) return;
    this.notedAt = this.lastAt;
    this.host.store
      .put(this.key, this.lastAt)
      .catch((error: unknown) =>
        this.host.log('debug', 'That Tencent called was not noted.', { error: String(error) }),
      );
  }

  /** Milliseconds since 1970; `undefined`: never. */
  async last(): Promise<number | undefined> {
    const noted = (await this.host.store.get<number>(this.key)) ?? 0;
    return Math.max(noted, this.lastAt) || undefined;
  }

  private get key(): string {
    return `callback-seen:${this.account}`;
  }
}
