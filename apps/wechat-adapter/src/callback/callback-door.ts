import { createHash } from 'node:crypto';
import type { ChannelHost } from '@yixian/channel';
import type { AccountId } from '@yixian/contracts';
import { Recent } from '../recent.ts';
import { CallbackCipher } from './callback-cipher.ts';
import { CallbackRefused } from './callback-refused.ts';
import { textIn } from './fields.ts';
import type { Fields } from './fields.ts';
import { fromBody } from './from-body.ts';
import { isSignature, signatureOf } from './signature.ts';

/** How far a timestamp may be from ours, in ms. */
const FRESH = 5 * 60_000;
/** Tencent asks three times, 5 s apart, and then gives up; with some patience for its own delays, in ms. */
const ASKS_AGAIN_WITHIN = 30_000;

export interface CallbackSecrets {
  account: AccountId;
  token: string;
  /** Empty: the account's pushes are not encrypted. */
  encodingAesKey: string;
  /** AppID or corp id. */
  receiver: string;
}

export type CallbackQuery = Partial<Record<string, string>>;

/** What the door needs of the host. */
type Means = Pick<ChannelHost, 'clock' | 'store'>;

/** When a signature came first, and with which body. */
interface Use {
  digest: string;
  at: number;
}
type Used = Use & { now: Use };

/** Signatures that are remembered: more than come in the time that one is good for. */
const MOST_USES = 50_000;

/** Lets in what Tencent signed for one account, and nothing else. */
export class CallbackDoor {
  private readonly cipher: CallbackCipher | undefined;
  private readonly uses = new Recent<Use>(MOST_USES);

  constructor(
    private readonly secrets: CallbackSecrets,
    private readonly host: Means,
  ) {
    const { encodingAesKey, receiver } = secrets;
    this.cipher = encodingAesKey ? new CallbackCipher(encodingAesKey, receiver) : undefined;
  }

  /**
   * The console verifies the address by a signed GET: gives what must be answered. Official accounts sign
   * (token, timestamp, nonce) and want `echostr` back; WeCom encrypts it and signs it too.
   */
  verify(query: CallbackQuery): string {
    const { echostr = '', signature, msg_signature: whole } = query;
    if (whole === undefined) {
      this.checkSignature(query, signature, []);
      return echostr;
    }
    this.checkSignature(query, whole, [echostr]);
    return this.opened(echostr).toString();
  }

  /** The fields of a push that Tencent signed; whether it is a replay says {@link admit}. Throws {@link CallbackRefused}. */
  open(query: CallbackQuery, body: Uint8Array): Fields {
    if (!this.cipher) {
      this.checkSignature(query, query.signature, []);
      return fromBody(body);
    }
    // Checked before the body is even read: whoever does not know the token makes us do no work.
    if (!query.msg_signature) throw new CallbackRefused('unsigned');
    this.checkFresh(query);
    const encrypted = textIn(fromBody(body), 'Encrypt');
    if (!encrypted) throw new CallbackRefused('not_encrypted');
    this.checkSignature(query, query.msg_signature, [encrypted]);
    return fromBody(this.opened(encrypted));
  }

  private opened(encrypted: string): Buffer {
    if (!this.cipher) throw new CallbackRefused('undecipherable');
    return this.cipher.open(encrypted);
  }

  private checkSignature(query: CallbackQuery, given: string | undefined, more: string[]): void {
    const { timestamp, nonce } = query;
    if (!given || !timestamp || !nonce) throw new CallbackRefused('unsigned');
    this.checkFresh(query);
    if (!isSignature(given, signatureOf(this.secrets.token, timestamp, nonce, ...more)))
      throw new CallbackRefused('wrong_signature');
  }

  private checkFresh({ timestamp = '' }: CallbackQuery): void {
    const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN;
    if (!(Math.abs(this.host.clock.now() - at) <= FRESH)) throw new CallbackRefused('stale');
  }

  /**
   * A signature is good for one body, for as long as Tencent itself may ask again: the same body within that time is a
   * retry, which its message's own id makes harmless. A plain signature does not cover the body, so its use is kept
   * where all replicas see it; an encrypted push can only be repeated as it is. Throws {@link CallbackRefused} `replayed`.
   */
  async admit(query: CallbackQuery, body: Uint8Array): Promise<void> {
    const at = this.host.clock.now();
    const first = this.cipher
      ? this.firstUse(query.msg_signature!, { digest: '', at })
      : await this.firstUseAnywhere(query, {
          digest: createHash('sha256').update(body).digest('base64'),
          at,
        });
    if (first && (first.digest !== first.now.digest || at - first.at > ASKS_AGAIN_WITHIN))
      throw new CallbackRefused('replayed');
  }

  private firstUse(signature: string, now: Use): Used | undefined {
    const first = this.uses.get(signature);
    if (!first) this.uses.set(signature, now);
    return first && { ...first, now };
  }

  private async firstUseAnywhere(
    { timestamp = '', nonce = '' }: CallbackQuery,
    now: Use,
  ): Promise<Used | undefined> {
    const key = `nonce:${this.secrets.account}:${timestamp}:${nonce.slice(0, 64)}`;
    const expiresAt = Number(timestamp) * 1000 + 2 * FRESH;
    if (await this.host.store.add(key, now, { expiresAt })) return undefined;
    const first = await this.host.store.get<Use>(key);
    return first && { ...first, now };
  }
}
