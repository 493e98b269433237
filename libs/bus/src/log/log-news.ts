import type { Cancel, Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';

const CHANNEL = 'yixian_bus';
/** Between two notifications, in ms: each takes a lock that every commit of the server passes. */
const EVERY = 5;

/**
 * `log`: records were committed. `members`: somebody came, left, or gave something up. `lost`: the server is out of
 * reach. `restored`: it is back; if it crashed, it has taken back what was not on disk.
 */
export type News = 'log' | 'members' | 'lost' | 'restored';

export interface NewsOptions {
  database: Database;
  clock: Clock;
  /** Tells this process from others, which need not be told. */
  id: string;
  /** Whether anybody else is there to be told. */
  others: () => boolean;
  onNews: (news: News) => void;
}

/** Tells other processes, after a commit and never within one, that there is something to look at. */
export class LogNews {
  private stopListening: (() => Promise<void>) | undefined;
  private pending = new Set<News>();
  private cancel: Cancel | undefined;
  private lastSent = -Infinity;

  constructor(private readonly options: NewsOptions) {}

  /** Throws DatabaseError. */
  async start(): Promise<void> {
    const { database, onNews } = this.options;
    this.stopListening = await database.listen(
      CHANNEL,
      (payload) => this.hear(payload),
      () => onNews('lost'),
    );
  }

  tell(news: News): void {
    if (news === 'log' && !this.options.others()) return;
    this.pending.add(news);
    const wait = this.lastSent + EVERY - this.options.clock.monotonic();
    if (wait <= 0) void this.send();
    else this.cancel ??= this.options.clock.after(wait, () => void this.send());
  }

  async stop(): Promise<void> {
    this.cancel?.();
    if (this.pending.size > 0) await this.send();
    await this.stopListening?.();
  }

  private async send(): Promise<void> {
    this.cancel = undefined;
    this.lastSent = this.options.clock.monotonic();
    const news = [...this.pending];
    this.pending.clear();
    const payload = `${news.join()} ${this.options.id}`;
    // When this fails the others find it by themselves, at their next poll.
    await this.options.database
      .query({ name: 'bus.notify', text: 'select pg_notify($1, $2)' }, [CHANNEL, payload])
      .catch(() => {});
  }

  /** An empty payload means that the connection was restored, so anything may have been missed. */
  private hear(payload: string): void {
    const [news = '', sender] = payload.split(' ');
    if (sender === this.options.id) return;
    const heard =
      payload === ''
        ? (['members', 'log', 'restored'] as const)
        : (['members', 'log'] as const).filter((one) => news.includes(one));
    for (const one of heard) this.options.onNews(one);
  }
}
