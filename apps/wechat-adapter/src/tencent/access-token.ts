import type { ChannelHost } from '@yixian/channel';
import { isTokenError } from './refusals.ts';
import type { Answer } from './tencent-api.ts';

/** Taken anew this long before it runs out, in ms. Old and new are both good for five minutes at the change. */
const EARLY = 4 * 60_000;

interface Kept {
  token: string;
  expiresAt: number;
}

/**
 * An access token that all replicas share through the host's store. It is asked for once, kept until shortly before its
 * end, and asked for once more when Tencent says that it is not good.
 */
export class AccessToken {
  private kept: Kept | undefined;
  private asking: Promise<Kept> | undefined;

  constructor(
    private readonly key: string,
    private readonly host: Pick<ChannelHost, 'store' | 'clock'>,
    /** Asks Tencent: `{ access_token, expires_in }`. */
    private readonly ask: () => Promise<Answer>,
  ) {}

  /** Calls with a token; once more with another when that one is refused. */
  async use<T>(call: (token: string) => Promise<T>): Promise<T> {
    const token = await this.current();
    try {
      return await call(token);
    } catch (error) {
      if (!isTokenError(error)) throw error;
      return call(await this.otherThan(token));
    }
  }

  private async current(): Promise<string> {
    if (this.isGood(this.kept)) return this.kept.token;
    const stored = await this.host.store.get<Kept>(this.key);
    if (!this.isGood(stored)) return (await this.renew()).token;
    this.kept = stored;
    return stored.token;
  }

  /** Another replica may have renewed it already. */
  private async otherThan(refused: string): Promise<string> {
    const stored = await this.host.store.get<Kept>(this.key);
    if (this.isGood(stored) && stored.token !== refused) {
      this.kept = stored;
      return stored.token;
    }
    return (await this.renew()).token;
  }

  private renew(): Promise<Kept> {
    this.asking ??= this.fetch().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async fetch(): Promise<Kept> {
    const { access_token: token, expires_in: seconds } = await this.ask();
    const expiresAt = this.host.clock.now() + Number(seconds) * 1000;
    const kept = { token: String(token), expiresAt };
    this.kept = kept;
    await this.host.store.put(this.key, kept, { expiresAt });
    return kept;
  }

  private isGood(kept: Kept | undefined): kept is Kept {
    return kept !== undefined && kept.expiresAt - EARLY > this.host.clock.now();
  }
}
