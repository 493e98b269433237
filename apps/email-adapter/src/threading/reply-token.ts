import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccountId } from '@yixian/contracts';
import { splitTag } from '../receiving/recipient-directory.ts';
import { fromBase32, toBase32 } from './base32.ts';

/** What a token names: a thread (in the address that replies go to), or a mail of ours (where bounces go to). */
export type TokenKind = 'thread' | 'mail';

const marks: Record<TokenKind, number> = { thread: 1, mail: 2 };
/** 80 bits: enough where every guess costs a mail. */
const MAC = 10;
/** RFC 5321 section 4.5.3.1.1. */
const LONGEST_LOCAL_PART = 64;

/**
 * Signed tokens for the tag of our own addresses, `support+<token>@shop.cn`: 27 bytes (kind, UUID, HMAC-SHA-256 cut to
 * 80 bits over them and the account) in base 32. Nobody else can make one, and one of another mailbox is none here.
 */
export class ReplyTokens {
  constructor(private readonly secret: Buffer) {}

  /** `address` with the token as its tag; `undefined` when that would be too long for an address. */
  tagged(address: string, of: { account: AccountId; kind: TokenKind; id: string }): string | undefined {
    const at = address.lastIndexOf('@');
    const local = `${address.slice(0, at)}+${this.token(of)}`;
    return local.length > LONGEST_LOCAL_PART ? undefined : local + address.slice(at);
  }

  /** What the first of these addresses that carries a good token of this account names. */
  find(account: AccountId, addresses: readonly string[]): { kind: TokenKind; id: string } | undefined {
    for (const address of addresses) {
      const named = this.read(account, splitTag(address).tag ?? '');
      if (named) return named;
    }
    return undefined;
  }

  private token({ account, kind, id }: { account: AccountId; kind: TokenKind; id: string }): string {
    const named = Buffer.concat([Buffer.from([marks[kind]]), Buffer.from(id.replaceAll('-', ''), 'hex')]);
    return toBase32(Buffer.concat([named, this.mac(account, named)]));
  }

  private read(account: AccountId, token: string): { kind: TokenKind; id: string } | undefined {
    const bytes = fromBase32(token);
    if (bytes?.length !== 1 + 16 + MAC) return undefined;
    const named = bytes.subarray(0, 17);
    if (!timingSafeEqual(bytes.subarray(17), this.mac(account, named))) return undefined;
    const kind = (Object.keys(marks) as TokenKind[]).find((one) => marks[one] === named[0]);
    const hex = named.toString('hex', 1);
    const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
      '-',
    );
    return kind && { kind, id };
  }

  private mac(account: AccountId, named: Buffer): Buffer {
    return createHmac('sha256', this.secret).update(`${account}\n`).update(named).digest().subarray(0, MAC);
  }
}
