import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccountId, Claim, Clock } from '@yixian/contracts';

/** For how long a code can be scanned, in ms. */
export const BIND_CODE_LASTS = 10 * 60_000;

const [EXPIRY, ID, MAC] = [4, 16, 16];

export interface OpenedBindCode {
  /** Tells it from every other code. */
  id: string;
  expired: boolean;
  /** What both who shows it and who scans it can prove: asserted of the two, it makes them one contact. */
  claim: Claim;
}

/**
 * Codes that a customer of one channel shows and scans with another, so that both are known as one person. A code is
 * 48 characters of base64url, good for one account and ten minutes; without the key nobody can make one. That it is
 * scanned by one person only is for the channel that takes it to see to.
 */
export class BindCodes {
  constructor(
    /** `secret.key('bind-codes')`: the same for every channel. */
    private readonly key: Buffer,
    private readonly clock: Clock,
  ) {}

  /** A new code, to be scanned with `account`. */
  make(account: AccountId): string {
    const body = Buffer.alloc(EXPIRY + ID);
    body.writeUInt32BE(Math.floor((this.clock.now() + BIND_CODE_LASTS) / 1000));
    randomBytes(ID).copy(body, EXPIRY);
    return Buffer.concat([body, this.mac(account, body)]).toString('base64url');
  }

  /** What a code says; `undefined` when we did not make it, or not for this account. */
  open(account: AccountId, code: string): OpenedBindCode | undefined {
    if (!/^[\w-]{48}$/.test(code)) return undefined;
    const bytes = Buffer.from(code, 'base64url');
    const body = bytes.subarray(0, EXPIRY + ID);
    if (!timingSafeEqual(bytes.subarray(EXPIRY + ID), this.mac(account, body))) return undefined;
    const id = body.subarray(EXPIRY).toString('base64url');
    return {
      id,
      expired: body.readUInt32BE() * 1000 <= this.clock.now(),
      // A scope of its own: that somebody has shown another code once does not make them another person.
      claim: { kind: 'external', value: id, verified: true, evidence: `qr:${account}:${id}` },
    };
  }

  private mac(account: AccountId, body: Buffer): Buffer {
    return createHmac('sha256', this.key).update(`${account}\n`).update(body).digest().subarray(0, MAC);
  }
}
