import type { ChannelHost } from '@yixian/channel';
import type { Fields } from '../callback/fields.ts';
import { fieldOf } from '../callback/from-body.ts';
import type { Account } from '../account.ts';
import type { WecomApi } from './wecom-api.ts';

/** The most that WeCom gives at once. */
const PAGE = 1000;
/** A callback may get lost: looked for anyway, in ms. */
const EVERY = 60_000;
/** After an error sooner, in ms. */
const AFTER_ERROR = 5_000;

/**
 * Fetches what customers wrote, from where the last fetch ended. The cursor moves on only after all before it is
 * durable, so that a crash repeats and never skips; what is repeated is known by its id.
 */
export class MessagePull {
  private running: Promise<void> | undefined;
  private again: { token: string | undefined } | undefined;
  private stopped = false;
  private cancel = () => undefined as void;

  constructor(
    private readonly account: Pick<Account, 'id' | 'openKfId'>,
    private readonly host: Pick<ChannelHost, 'store' | 'clock' | 'log'>,
    private readonly api: WecomApi,
    /** Resolves when it is durable, or cannot be. Rejects when it shall be tried again. */
    private readonly take: (item: Fields) => Promise<void>,
  ) {}

  start(): void {
    void this.poll();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.running?.catch(() => undefined);
  }

  /** Fetches all there is. `token`: of the callback that said there is something; without it WeCom allows less. */
  pull(token?: string): Promise<void> {
    if (this.running) {
      this.again = { token };
      return this.running;
    }
    this.running = this.all(token).finally(() => (this.running = undefined));
    return this.running;
  }

  private async all(token: string | undefined): Promise<void> {
    await this.pages(token);
    while (this.again && !this.stopped) {
      const { token: next } = this.again;
      this.again = undefined;
      await this.pages(next);
    }
  }

  private async pages(token: string | undefined): Promise<void> {
    const key = `cursor:${this.account.id}:${this.account.openKfId}`;
    for (let more = true; more && !this.stopped;) {
      const cursor = (await this.host.store.get<string>(key)) ?? '';
      const body = {
        open_kfid: this.account.openKfId,
        limit: PAGE,
        ...(cursor && { cursor }),
        ...(token && { token }),
      };
      const answer = await this.api.call({ path: 'cgi-bin/kf/sync_msg', body });
      const items = Array.isArray(answer.msg_list) ? (answer.msg_list as unknown[]) : [];
      for (const item of items) await this.take(fieldOf(item, 1) as Fields);
      const next = String(answer.next_cursor ?? '');
      if (next && next !== cursor) await this.host.store.put(key, next);
      more = answer.has_more === 1 && next !== cursor;
    }
  }

  private async poll(): Promise<void> {
    const ms = await this.pollOnce();
    if (!this.stopped) this.cancel = this.host.clock.after(ms, () => void this.poll());
  }

  /** Gives the pause until the next time. */
  private async pollOnce(): Promise<number> {
    try {
      await this.pull();
      return EVERY;
    } catch (error) {
      const detail = { account: this.account.id, error: String(error) };
      this.host.log('warn', 'Messages of WeCom could not be fetched.', detail);
      return AFTER_ERROR;
    }
  }
}
