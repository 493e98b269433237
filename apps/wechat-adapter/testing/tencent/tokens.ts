import { randomBytes } from 'node:crypto';
import type { Clock } from '@yixian/contracts';
import { PeerError } from './peer-error.ts';

const LIFETIME = 7200;
/** Seconds in which the old token is good beside the new one. */
const OVERLAP = 300;

/** Access tokens of one account, as stable_token gives them: the same one until shortly before its end. */
export class Tokens {
  /** How often one was asked for. */
  asked = 0;
  private given: { token: string; until: number }[] = [];

  constructor(private readonly clock: Clock) {}

  give(): { access_token: string; expires_in: number } {
    this.asked += 1;
    const now = this.clock.now() / 1000;
    const newest = this.given.at(-1);
    if (newest && newest.until - OVERLAP > now)
      return { access_token: newest.token, expires_in: Math.floor(newest.until - now) };
    const token = randomBytes(60).toString('base64url');
    this.given.push({ token, until: now + LIFETIME });
    return { access_token: token, expires_in: LIFETIME };
  }

  /** Throws 40001 for one we never gave, 42001 for one that has run out. */
  check(token: string | null): void {
    const found = this.given.find((one) => one.token === token);
    if (!found) throw new PeerError(40001, 'invalid credential, access_token is invalid or not latest');
    if (found.until <= this.clock.now() / 1000) throw new PeerError(42001, 'access_token expired');
  }

  /** Somebody had all tokens made anew. */
  revoke(): void {
    this.given = [];
  }
}
