import { createHash, randomBytes } from 'node:crypto';
import type { AccountId, Address, Clock } from '@yixian/contracts';
import type { ChannelStore } from '@yixian/channel';

const DAY = 24 * 60 * 60 * 1000;
/** A visitor who stays away longer is a new one. */
export const IDLE = 180 * DAY;
/** A token that has been used for longer is replaced by a new one. */
const ROTATE_AFTER = DAY;
/** How long a replaced token is still good once its successor was used: other tabs may hold it. */
const GRACE = 10 * 60 * 1000;

interface TokenRecord {
  site: AccountId;
  address: Address;
  issuedAt: number;
  /** Until when the store keeps it. */
  expiresAt: number;
  /** The hash of the token that this one takes over from, until it was used. */
  replaces?: string | undefined;
}

export interface KnownToken {
  address: Address;
  hash: string;
  /** A new token to hand out in its place. */
  renewed?: string;
}

/**
 * What visitors' browsers prove with that they are who they were: 256 random bits each, of which only the hash is
 * kept; bound to one site; replaced daily; good for 180 days after the last visit.
 */
export class VisitorTokens {
  constructor(
    private readonly store: ChannelStore,
    private readonly clock: Clock,
  ) {}

  /** A new token for a visitor. */
  async issue(
    site: AccountId,
    address: Address,
    replaces?: string,
  ): Promise<{ token: string; hash: string }> {
    const token = randomBytes(32).toString('base64url');
    const hash = hashOf(token);
    const now = this.clock.now();
    await this.put(hash, { site, address, issuedAt: now, expiresAt: now + IDLE, replaces });
    return { token, hash };
  }

  /** Whose token it is; undefined when it is no token of this site, or too old. */
  async find(site: AccountId, token: string): Promise<KnownToken | undefined> {
    const hash = hashOf(token);
    const record = await this.store.get<TokenRecord>(keyOf(hash));
    if (!record || record.site !== site || record.expiresAt < this.clock.now()) return undefined;
    await this.use(hash, record);
    if (this.clock.now() - record.issuedAt < ROTATE_AFTER) return { address: record.address, hash };
    const { token: renewed } = await this.issue(site, record.address, hash);
    return { address: record.address, hash, renewed };
  }

  async forget(hash: string): Promise<void> {
    await this.store.delete(keyOf(hash));
  }

  /** The first use of a token ends the one before it; every day of use moves its own end. */
  private async use(hash: string, record: TokenRecord): Promise<void> {
    const now = this.clock.now();
    if (record.replaces) await this.retire(record.replaces);
    const retired = record.expiresAt - now <= GRACE;
    if (!record.replaces && (retired || record.expiresAt - now > IDLE - DAY)) return;
    await this.put(hash, { ...record, replaces: undefined, expiresAt: now + IDLE });
  }

  private async retire(hash: string): Promise<void> {
    const record = await this.store.get<TokenRecord>(keyOf(hash));
    if (record) await this.put(hash, { ...record, expiresAt: this.clock.now() + GRACE });
  }

  private put(hash: string, record: TokenRecord): Promise<void> {
    return this.store.put(keyOf(hash), record, { expiresAt: record.expiresAt });
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const keyOf = (hash: string): string => `token:${hash}`;
