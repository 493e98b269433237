import type { Received, ReceiveOutcome, Sent } from '@yixian/channel';
import type { AccountFinding, Attachment, SendMessage } from '@yixian/contracts';
import type { MediaRef } from './media-ref.ts';

/** Resolves once what came in is durable, or cannot be: a provider acknowledges upstream after it. */
export type Sink = (received: Received) => Promise<ReceiveOutcome>;

/** What an account can be sent beside text. */
export interface Capabilities {
  files: readonly ('image' | 'voice' | 'video' | 'file')[];
  cards: readonly string[];
  typing: boolean;
  groups: boolean;
}

/** One way to be reached in WeChat, for one account. */
export interface WechatProvider {
  /** Opens what listens or polls; throws nothing that passes by itself. */
  start(sink: Sink): Promise<void>;
  stop(): Promise<void>;
  /** Performs the side effect, once. Throws `DeliveryError`. */
  send(message: SendMessage): Promise<Sent>;
  /** A file of a message, into the media store. Throws {@link MediaMissing}. */
  fetchMedia(ref: MediaRef): Promise<Attachment>;
  capabilities(): Capabilities;
  /** How the account stands, in words. Asked every few seconds while somebody looks. */
  standing(): Promise<AccountFinding[]>;
}

/** A file could not be had: `expired`, `too_large`, or `unavailable`, which may pass. */
export class MediaMissing extends Error {
  override readonly name = 'MediaMissing';
  constructor(
    readonly code: 'expired' | 'too_large' | 'unavailable',
    options: { cause?: unknown } = {},
  ) {
    super(code, options);
  }
  get retryable(): boolean {
    return this.code === 'unavailable';
  }
}
