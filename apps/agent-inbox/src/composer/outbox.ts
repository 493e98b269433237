import type {
  AgentId,
  Attachment,
  ContactId,
  ConversationId,
  Entry,
  EntryId,
  Payload,
  ReplyConflict,
  WrittenEntry,
} from '@yixian/contracts';
import type { Cancel, Clock } from '@yixian/contracts/clock';
import { backoff } from '../desk/backoff.ts';
import { codeOf, type FailureCode, RequestFailed } from '../http/request-failed.ts';
import { Observable } from '../ui/observable.ts';
import type { Draft } from './drafts.ts';

/** Something written that the hub has not confirmed yet. */
export interface OutboxItem {
  id: EntryId;
  agentId: AgentId;
  kind: 'message' | 'note';
  contactId: ContactId;
  conversationId: ConversationId;
  text: string;
  attachments: readonly Attachment[];
  /** Extras that the channel understands. */
  payload?: Payload;
  /** What it was made of, to be taken back and changed. */
  draft?: Partial<Draft>;
  /** Not sent before, so that it can be taken back; milliseconds, this browser's. */
  heldUntil?: number;
  /** The newest `seq` that was on screen when it was written. */
  seenSeq: number;
  force: boolean;
  /** Milliseconds, this browser's. Items of one conversation go out in this order. */
  createdAt: number;
  state: 'queued' | 'sending' | 'conflict' | 'failed';
  /** Why it failed. */
  code?: FailureCode;
  /** For a conflict: what colleagues wrote meanwhile. */
  rivals?: readonly Entry[];
}

/** Where unsent items survive a reload. */
export interface OutboxStorage {
  all(): Promise<OutboxItem[]>;
  put(item: OutboxItem): Promise<void>;
  remove(id: EntryId): Promise<void>;
}

export interface OutboxDoor {
  /** Writes the item; resolves with what the hub stored. Throws RequestFailed. */
  send(item: OutboxItem): Promise<WrittenEntry>;
  /** Called with each stored entry before the item leaves the outbox, so that it never flickers. */
  stored(written: WrittenEntry): void;
}

/**
 * Sends what agents write: one at a time and in order per conversation, again after a failure that may pass, with the
 * same id, so that nothing is sent twice. A conflict waits for the agent's decision and holds back what follows it.
 */
export class Outbox {
  readonly items = new Observable<readonly OutboxItem[]>([]);
  readonly #storage: OutboxStorage;
  readonly #door: OutboxDoor;
  readonly #clock: Clock;
  readonly #sending = new Set<ConversationId>();
  #attempt = 0;
  #cancelRetry: Cancel = () => {};

  constructor(of: { storage: OutboxStorage; door: OutboxDoor; clock: Clock }) {
    this.#storage = of.storage;
    this.#door = of.door;
    this.#clock = of.clock;
  }

  /** Takes up what an earlier page left unsent. */
  async restore(agentId: AgentId): Promise<void> {
    const left = (await this.#storage.all()).filter((item) => item.agentId === agentId);
    const known = new Set(this.items.get().map((item) => item.id));
    const restored = left
      .filter((item) => !known.has(item.id))
      .map((item) => (item.state === 'sending' ? { ...item, state: 'queued' as const } : item));
    this.items.set([...restored, ...this.items.get()].sort((a, b) => a.createdAt - b.createdAt));
    this.resume();
  }

  /** Takes an item to be sent; not within the next `holdFor` milliseconds, nor anything after it in its conversation. */
  add(item: Omit<OutboxItem, 'state' | 'force' | 'createdAt' | 'heldUntil'>, holdFor = 0): void {
    const createdAt = this.#clock.now();
    const whole: OutboxItem = { ...item, state: 'queued', force: false, createdAt };
    if (holdFor > 0) whole.heldUntil = createdAt + holdFor;
    this.items.set([...this.items.get(), whole]);
    void this.#storage.put(whole);
    void this.#pump(whole.conversationId);
  }

  /** Sends what is held, at once. */
  release(id: EntryId): void {
    const item = this.#change(id, { heldUntil: undefined });
    if (item) void this.#pump(item.conversationId);
  }

  /** Sends again; with `force`, whatever colleagues wrote meanwhile. */
  retry(id: EntryId, force = false): void {
    const item = this.#change(id, {
      state: 'queued',
      code: undefined,
      rivals: undefined,
      ...(force && { force }),
    });
    if (item) void this.#pump(item.conversationId);
  }

  /** Takes the item out. Answers it, to be written anew. */
  discard(id: EntryId): OutboxItem | undefined {
    const item = this.items.get().find((one) => one.id === id);
    this.items.set(this.items.get().filter((one) => one.id !== id));
    void this.#storage.remove(id);
    if (item) void this.#pump(item.conversationId);
    return item;
  }

  /** Sends all that waits; called when the connection or the session is back. */
  readonly resume = (): void => {
    this.#cancelRetry();
    for (const id of new Set(this.items.get().map((item) => item.conversationId))) void this.#pump(id);
  };

  async #pump(conversationId: ConversationId): Promise<void> {
    if (this.#sending.has(conversationId)) return;
    this.#sending.add(conversationId);
    try {
      for (let item = this.#next(conversationId); item; item = this.#next(conversationId)) {
        if (!(await this.#send(item))) break;
      }
    } finally {
      this.#sending.delete(conversationId);
    }
  }

  #next(conversationId: ConversationId): OutboxItem | undefined {
    const item = this.items
      .get()
      .find((one) => one.conversationId === conversationId && one.state !== 'failed');
    if (item?.state !== 'queued') return undefined;
    const held = (item.heldUntil ?? 0) - this.#clock.now();
    if (held <= 0) return item;
    this.#clock.after(held, () => void this.#pump(conversationId));
    return undefined;
  }

  /** Answers whether the next one may go. */
  async #send(item: OutboxItem): Promise<boolean> {
    this.#change(item.id, { state: 'sending' });
    try {
      const written = await this.#door.send(item);
      this.#attempt = 0;
      this.#door.stored(written);
      this.items.set(this.items.get().filter((one) => one.id !== item.id));
      await this.#storage.remove(item.id);
      return true;
    } catch (thrown) {
      return this.#failed(item.id, thrown);
    }
  }

  #failed(id: EntryId, thrown: unknown): boolean {
    const code = codeOf(thrown);
    if (code === 'conflict') {
      const { entries } = (thrown as RequestFailed).body as ReplyConflict;
      this.#change(id, { state: 'conflict', rivals: entries });
      return false;
    }
    if (thrown instanceof RequestFailed && thrown.retryable) {
      this.#change(id, { state: 'queued', code });
      this.#retryLater(thrown.retryAfter);
      return false;
    }
    this.#change(id, { state: 'failed', code });
    return true;
  }

  #retryLater(seconds?: number): void {
    this.#cancelRetry();
    const wait = Math.max(backoff(++this.#attempt), (seconds ?? 0) * 1000);
    this.#cancelRetry = this.#clock.after(wait, this.resume);
  }

  #change(id: EntryId, change: Partial<OutboxItem>): OutboxItem | undefined {
    const item = this.items.get().find((one) => one.id === id);
    if (!item) return undefined;
    const changed = { ...item, ...change };
    this.items.set(this.items.get().map((one) => (one.id === id ? changed : one)));
    void this.#storage.put(changed);
    return changed;
  }
}
