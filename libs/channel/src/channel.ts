import type {
  AccountFinding,
  AccountId,
  Address,
  Allowance,
  Attachment,
  ChannelName,
  Claim,
  Clock,
  ConversationId,
  ConversationShown,
  EntryId,
  LocalText,
  Payload,
  ReadByAgent,
  SendMessage,
  Sender,
  Signal,
} from '@yixian/contracts';
import type { DeliveryState } from '@yixian/contracts';
import type { RetryPolicy } from './sending/retry-policy.ts';

/** What a channel says of itself. Announced to the hub when the host starts. */
export interface ChannelAbout {
  channel: ChannelName;
  name: LocalText;
  /** Path data of a 24×24 SVG. */
  icon: string;
  /** JSON Schema of an account's settings, with `x-label`, `x-help` and `x-secret`. */
  settings: Payload;
}

/**
 * A channel: how one kind of message comes in and goes out. The host around it owns storage, order, dedupe, retries
 * and the bus, so that a channel is conversion and one protocol.
 *
 * Abilities beside these four members are small interfaces of their own; a channel offers one by implementing it.
 */
export interface Channel {
  readonly about: ChannelAbout;
  /**
   * True when performing a send twice is the same as once, as where the customer reads what the host keeps. What a
   * crash interrupted is then performed again instead of becoming `unknown`.
   */
  readonly repeatable?: boolean;
  /** Called once, before anything else. Accounts come through {@link ChannelHost.accounts}. Throw to refuse to run. */
  start(host: ChannelHost): Promise<void>;
  /** No more is received after this resolves; sends under way may end. */
  stop(): Promise<void>;
  /**
   * Performs the side effect, once. Called in order per customer, never twice for one message unless it threw a
   * {@link DeliveryError} that is `certain` and `retryable`. The ledger says `sending` before this is called.
   */
  send(message: SendMessage, account: AccountSettings): Promise<Sent>;
}

export interface Sent {
  /** The channel's own id of the message, if it has one. */
  nativeId?: string;
  /** Default `sent`. `delivered` when the channel knows that already; `queued` when a receipt will say. */
  state?: DeliveryState;
}

/** Why a message was not sent. */
export class DeliveryError extends Error {
  constructor(
    /** Stable, such as `window_closed`, `address_unknown`, `account_disabled`. */
    readonly code: string,
    readonly options: {
      /** May it be tried again later? */
      retryable: boolean;
      /** Is it sure that the customer did not get it? If not, the delivery becomes `unknown` and is never resent. */
      certain: boolean;
      /** How long it may wait, where that is known better than by trying: until the customer writes, for example. */
      patience?: Partial<RetryPolicy>;
      message?: string;
      cause?: unknown;
    },
  ) {
    super(options.message ?? code, { cause: options.cause });
  }
  get retryable(): boolean {
    return this.options.retryable;
  }
  get certain(): boolean {
    return this.options.certain;
  }
}

/** An account as the channel gets it: secrets opened. */
export interface AccountSettings<T = Record<string, unknown>> {
  id: AccountId;
  name: string;
  settings: T;
  version: number;
}

/** What came in, before the host gives it its id. */
export interface Received {
  account: AccountId;
  address: Address;
  /** The channel's own id of the message; with channel and account it makes the entry's id. */
  nativeId: string;
  /** Milliseconds since 1970, by the channel's word. */
  occurredAt: number;
  sender: Sender;
  text: string;
  attachments: Attachment[];
  payload?: Payload;
  /**
   * Which of the customer's threads it belongs to (1 to 512 characters), for channels whose customers keep several at
   * once, such as mail. Absent: the customer's one conversation on this account.
   */
  thread?: string;
  /** What it is about, 500 characters at most. Names the conversation that begins with it. */
  subject?: string;
  /** Another conversation that it quotes: one that begins with it is linked to that. */
  relatedTo?: ConversationId;
}

export type ReceiveOutcome =
  /** Durable; acknowledge upstream now. Also for a duplicate. */
  | { accepted: true; id: EntryId; duplicate: boolean }
  /** Not durable: tell upstream to try again. */
  | { accepted: false; retry: true }
  /** It can never be taken; it lies in quarantine, visible and replayable. Acknowledge upstream. */
  | { accepted: false; retry: false; quarantined: string };

/** See {@link Allowance}. `until` in milliseconds since 1970; what is absent is without limit. */
export interface AllowanceReport {
  until?: number | null;
  left?: number | null;
  reason?: string;
  alternatives?: string[];
}

/** One line of what a customer and we said on an account, kept by the host for channels whose customers read it back. */
export interface TranscriptLine {
  /** 1..n per (account, address), without a gap. */
  position: number;
  id: EntryId;
  from: 'customer' | 'agent' | 'bot' | 'system';
  authorName: string | null;
  text: string;
  attachments: Attachment[];
  payload: Payload;
  at: string;
}

/** What the host does for a channel. */
export interface ChannelHost {
  readonly clock: Clock;
  /** The accounts of this channel as they are now. */
  accounts(): AccountSettings[];
  account(id: AccountId): AccountSettings | undefined;
  /** Called for each account now and whenever one is added, changed or removed (`undefined`). */
  onAccount(changed: (id: AccountId, account: AccountSettings | undefined) => void): void;

  /** Takes in a message. Resolves only when it is durable (or cannot be): acknowledge upstream after it. */
  receive(received: Received): Promise<ReceiveOutcome>;
  /** Puts what could not even be parsed into quarantine, whole. Resolves when it is durable. */
  quarantine(raw: Uint8Array, why: string, of: { account?: AccountId; nativeId?: string }): Promise<void>;
  /** What the channel learned of a customer apart from any message. */
  assertIdentity(account: AccountId, address: Address, sender: Sender): Promise<void>;
  /**
   * Says that nothing can be delivered to an address, and since when (milliseconds since 1970; default now), or, by
   * null, that it can again: only the channel's word takes it back, neither a receipt nor a message from there does.
   * Durable when it resolves, in order with what else comes from the address.
   */
  reportAddress(
    account: AccountId,
    address: Address,
    report: { undeliverable: { reason: string; since?: number } | null },
  ): Promise<void>;
  /**
   * How much may be written to an address from now on; null: as much as wanted. For channels that let us write only in
   * a window or only so many messages. Say it whenever it changes; agents see it at once.
   */
  reportAllowance(account: AccountId, address: Address, allowance: AllowanceReport | null): Promise<void>;
  /** What became of a message that was sent, when the channel says so later. */
  report(receipt: {
    messageId: EntryId;
    state: DeliveryState;
    reason?: string;
    occurredAt?: number;
  }): Promise<void>;
  /** The customer's rating. `nativeId` makes it at most one. */
  answerSurvey(answer: {
    account: AccountId;
    address: Address;
    conversationId: string;
    score: number;
    text: string;
    nativeId: string;
  }): Promise<void>;
  /** Seconds-long news: typing, presence. Never durable, never throws. */
  signal(signal: Signal): void;

  /** Attachments: stored before the message that names them is published. Throws `TooLarge`. */
  readonly media: MediaStore;
  /** Small durable state of the channel itself (cursors, visitors), by name. */
  readonly store: ChannelStore;
  readonly transcript: Transcript;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, detail?: Record<string, unknown>): void;
}

/** See `@yixian/media`, whose store this is. */
export type MediaStore = import('@yixian/media').MediaStore;

export interface ChannelStore {
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown, options?: { expiresAt?: number }): Promise<void>;
  /** Writes only if the key is absent. False when it was there. */
  add(key: string, value: unknown, options?: { expiresAt?: number }): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** What is under keys that begin so, at most `limit`, the last key first. */
  last<T>(prefix: string, limit: number): Promise<{ key: string; value: T }[]>;
}

export interface Transcript {
  /** The newest `limit` lines after `after` (exclusive), oldest first. */
  read(
    account: AccountId,
    address: Address,
    range: { after?: number; before?: number; limit: number },
  ): Promise<TranscriptLine[]>;
}

// Abilities

/** Customers can read back what was said: the host keeps a transcript and tells of each new line. */
export interface KeepsTranscript {
  /** Called after a line was stored, in order per customer, in every process (the customer's socket may be anywhere). */
  onTranscript(account: AccountId, address: Address, lines: TranscriptLine[]): void;
}

/** Shows the customer that an agent types, how many wait before them, … Called in every process. */
export interface ShowsSignals {
  onSignal(signal: Signal): void;
}

/**
 * Shows the customer who serves and that a conversation was closed. In order per customer in one process, then in every
 * other (the customer's socket may be anywhere); may be repeated.
 */
export interface FollowsConversation {
  onConversation(shown: ConversationShown): Promise<void>;
}

/** Shows the customer that an agent has read. Called in every process; may be repeated. */
export interface ShowsReads {
  onRead(read: ReadByAgent): Promise<void>;
}

/**
 * Can try whether an account's settings work, saved or not, and says in words what is wrong. Called in one process, while
 * a person waits: answer within 45 s.
 */
export interface ChecksAccounts {
  checkAccount(account: AccountSettings): Promise<AccountFinding[]>;
}

/**
 * Knows how an account stands: who is logged in, what has to be scanned, when the provider was last heard of. Asked every
 * few seconds, in one process, while a person looks: costs little, and answers within 10 s.
 */
export interface TellsState {
  stateOf(account: AccountSettings): Promise<AccountFinding[]>;
}

/** Can take again what it once could not parse, after it has learned to. Throws when it still cannot. */
export interface ReplaysRaw {
  replay(raw: Uint8Array, of: { account?: AccountId; nativeId?: string }): Promise<void>;
}

export type { Allowance, Claim };
