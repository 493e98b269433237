import type {
  ContactId,
  ConversationId,
  DeskEvent,
  EntryId,
  InboxView,
  Synced,
  TimelinePage,
  Watched,
} from '@yixian/contracts';
import type { Cancel, Clock } from '@yixian/contracts/clock';
import { io, type Socket } from 'socket.io-client';
import type { DeskApi } from '../http/desk-api.ts';
import { codeOf, type FailureCode, RequestFailed } from '../http/request-failed.ts';
import { Observable } from '../ui/observable.ts';
import { backoff } from './backoff.ts';
import type { DeskStore } from './desk-store.ts';
import { hasHole, haveOf, openWindow, openWindowAfter, type TimelineWindow } from './timeline-window.ts';

/** How the desk stands with the hub. `until`: when the next attempt is made, in this browser's milliseconds. */
export type ConnectionState =
  { status: 'connecting' | 'online' | 'offline' } | { status: 'waiting'; until: number; since: number };

/** A hole is given this long to fill itself (answers and events race) before the hub is asked. */
const HOLE_GRACE = 200;
const ACK_TIMEOUT = 10_000;
const VIEWING_EVERY = 20_000;
const TYPING_EVERY = 2000;

/** Keeps the store in step with the hub: connects, resumes without a gap, watches what is open, pages. */
export class DeskSync {
  readonly connection = new Observable<ConnectionState>({ status: 'offline' });
  /** What could not be loaded, by contact or view. */
  readonly failures = new Observable<ReadonlyMap<string, FailureCode>>(new Map());
  /** How far the hub's clock is ahead of this browser's, in milliseconds. */
  skew = 0;

  readonly #api: DeskApi;
  readonly #store: DeskStore;
  readonly #clock: Clock;
  readonly #onUnauthenticated: () => void;
  #socket: Socket | undefined;
  #attempt = 0;
  #lostAt: number | undefined;
  #cancelRetry: Cancel = () => {};
  #cancelViewing: Cancel = () => {};
  #open: readonly ContactId[] = [];
  #view: InboxView | undefined;
  #viewing: { contactId: ContactId | null; typing: boolean } = { contactId: null, typing: false };
  #typedAt = -TYPING_EVERY;
  readonly #busy = new Map<string, Promise<unknown>>();

  constructor(of: { api: DeskApi; store: DeskStore; clock: Clock; onUnauthenticated: () => void }) {
    this.#api = of.api;
    this.#store = of.store;
    this.#clock = of.clock;
    this.#onUnauthenticated = of.onUnauthenticated;
    this.#store.subscribe(() => this.#mendHoles());
  }

  start(): void {
    if (this.#socket) return;
    const socket = io('/agent', {
      path: '/socket.io',
      reconnection: false,
      transports: ['websocket', 'polling'],
    });
    this.#socket = socket;
    this.connection.set({ status: 'connecting' });
    socket.on('connect', () => void this.#connected());
    socket.on('disconnect', () => this.#lost());
    socket.on('connect_error', (error) => this.#refused(error));
    socket.on('events', (events: DeskEvent[]) => this.#heard(events));
    socket.on('resync', () => void this.#connected());
    addEventListener('online', this.retryNow);
  }

  stop(): void {
    this.#cancelRetry();
    this.#cancelViewing();
    removeEventListener('online', this.retryNow);
    this.#socket?.removeAllListeners().disconnect();
    this.#socket = undefined;
    this.connection.set({ status: 'offline' });
  }

  readonly retryNow = (): void => {
    if (this.connection.get().status !== 'waiting' || !this.#socket) return;
    this.#cancelRetry();
    this.connection.set({ status: 'connecting' });
    this.#socket.connect();
  };

  /** The contacts on screen or kept beside it. Loads what is not loaded, follows all of them. */
  openContacts(open: readonly ContactId[]): void {
    const closed = this.#open.filter((id) => !open.includes(id));
    this.#open = open;
    for (const contactId of closed) {
      this.#socket?.emit('unwatch', { contactId });
      this.#store.dispatch({ type: 'unwatched', contactId });
    }
    for (const id of open) void this.ensure(id);
  }

  /** Loads the contact's timeline if need be and watches it. */
  ensure(contactId: ContactId): Promise<void> {
    return this.#once(`contact:${contactId}`, async () => {
      const window = this.#window(contactId);
      if (!window || window.stale) await this.#load(contactId);
      await this.#watch(contactId);
    });
  }

  /** Replaces the window by one around an entry. */
  showAround(contactId: ContactId, around: EntryId): Promise<void> {
    return this.#once(`contact:${contactId}`, async () => {
      const detail = await this.#api.contact(contactId);
      const page = await this.#api.timeline(contactId, { around });
      this.#store.dispatch({ type: 'opened', detail, window: openWindowAfter(detail, page) });
      await this.#watch(contactId);
    });
  }

  /** Replaces the window by the newest page. */
  showNewest(contactId: ContactId): Promise<void> {
    return this.#once(`contact:${contactId}`, async () => {
      await this.#load(contactId);
      await this.#watch(contactId);
    });
  }

  /** Loads the next page on one side, if there is one. */
  page(contactId: ContactId, side: 'older' | 'newer'): Promise<void> {
    return this.#once(`${side}:${contactId}`, async () => {
      const window = this.#window(contactId);
      if (!window?.[side]) return;
      const page = await this.#pageAt(window, side);
      this.#store.dispatch({ type: 'paged', contactId, side, page });
    });
  }

  /** Lists a view's first page if it was not listed since we connected. */
  list(view: InboxView): Promise<void> {
    this.#view = view;
    if (this.#store.get().views[view].epoch === this.#store.get().epoch) return Promise.resolve();
    return this.#once(`view:${view}`, async () => {
      const page = await this.#api.conversations(view);
      this.#store.dispatch({ type: 'listed', view, page, first: true });
    });
  }

  listMore(view: InboxView): Promise<void> {
    return this.#once(`more:${view}`, async () => {
      const { next } = this.#store.get().views[view];
      if (next === null) return;
      const page = await this.#api.conversations(view, next);
      this.#store.dispatch({ type: 'listed', view, page, first: false });
    });
  }

  /** Tells colleagues what this tab looks at, again every 20 s. */
  viewing(contactId: ContactId | null, typing: boolean): void {
    if (this.#viewing.contactId === contactId && this.#viewing.typing === typing) return;
    this.#viewing = { contactId, typing };
    this.#sayViewing();
  }

  /** Tells the customer that the agent types, at most once in 2 s. */
  typing(conversationId: ConversationId): void {
    const now = this.#clock.monotonic();
    if (now - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = now;
    this.#socket?.volatile.emit('typing', { conversationId });
  }

  async #connected(): Promise<void> {
    try {
      const synced = await this.#ask<Synced>('sync', {});
      this.#attempt = 0;
      this.#lostAt = undefined;
      this.skew = Date.parse(synced.serverTime) - this.#clock.now();
      this.#store.dispatch({ type: 'disconnected' });
      this.#store.dispatch({ type: 'synced', synced, at: this.#clock.now() });
      this.connection.set({ status: 'online' });
      this.#sayViewing();
      if (this.#view) void this.list(this.#view);
      for (const id of this.#open) void this.ensure(id);
    } catch {
      // Connected but not answered: as good as not connected.
      this.#socket?.disconnect();
    }
  }

  #lost(): void {
    this.#cancelViewing();
    this.#store.dispatch({ type: 'disconnected' });
    this.#retryLater();
  }

  #refused(error: Error & { data?: { code?: string; error?: { code?: string } } }): void {
    const code = error.data?.code ?? error.data?.error?.code ?? error.message;
    if (code === 'unauthenticated') this.#onUnauthenticated();
    this.#retryLater();
  }

  #retryLater(): void {
    if (!this.#socket) return;
    const now = this.#clock.now();
    this.#lostAt ??= now;
    const wait = backoff(this.#attempt++);
    this.connection.set({ status: 'waiting', until: now + wait, since: this.#lostAt });
    this.#cancelRetry();
    this.#cancelRetry = this.#clock.after(wait, this.retryNow);
  }

  #heard(events: readonly DeskEvent[]): void {
    this.#store.dispatch({ type: 'events', events, at: this.#clock.now() });
  }

  #mendHoles(): void {
    for (const id of this.#open) {
      const window = this.#window(id);
      if (window?.stale && !this.failures.get().has(`contact:${id}`)) void this.ensure(id);
      else if (window && hasHole(window) && !this.#busy.has(`hole:${id}`)) void this.#mend(id);
    }
  }

  #mend(contactId: ContactId): Promise<void> {
    return this.#once(`hole:${contactId}`, async () => {
      await new Promise<void>((resolve) => this.#clock.after(HOLE_GRACE, resolve));
      const window = this.#window(contactId);
      if (window && hasHole(window)) await this.#watch(contactId, true);
    });
  }

  async #load(contactId: ContactId): Promise<void> {
    const [detail, page] = await Promise.all([this.#api.contact(contactId), this.#api.timeline(contactId)]);
    const window = openWindow(detail, page) ?? openWindowAfter(detail, await this.#api.timeline(contactId));
    this.#store.dispatch({ type: 'opened', detail, window });
  }

  async #watch(contactId: ContactId, again = false): Promise<void> {
    const window = this.#window(contactId);
    if (!window || !this.#socket?.connected || !this.#open.includes(contactId)) return;
    if (window.watch === 'live' && !again) return;
    this.#store.dispatch({ type: 'asked', contactId });
    try {
      const watched = await this.#ask<Watched>('watch', { contactId, have: haveOf(window) });
      this.#store.dispatch({ type: 'watched', contactId, watched, at: this.#clock.now() });
    } catch (thrown) {
      // A connection that does not answer is not one: connect anew and ask again.
      this.#socket?.disconnect();
      throw thrown;
    }
  }

  #pageAt(window: TimelineWindow, side: 'older' | 'newer'): Promise<TimelinePage> {
    const position = side === 'older' ? window.first : window.last;
    const edge = side === 'older' ? window.entries[0] : window.entries.at(-1);
    if (position !== null) {
      return this.#api.timeline(
        window.contactId,
        side === 'older' ? { before: position } : { after: position },
      );
    }
    return this.#api.timeline(window.contactId, edge ? { around: edge.id, limit: 120 } : {});
  }

  #sayViewing(): void {
    this.#cancelViewing();
    if (!this.#socket?.connected) return;
    this.#socket.emit('viewing', this.#viewing);
    this.#cancelViewing = this.#clock.after(VIEWING_EVERY, () => this.#sayViewing());
  }

  async #ask<T>(message: string, body: unknown): Promise<T> {
    if (!this.#socket) throw new RequestFailed('offline', 'Not connected.');
    const answer = (await this.#socket.timeout(ACK_TIMEOUT).emitWithAck(message, body)) as T & {
      error?: { code: FailureCode; message: string };
    };
    if (answer?.error) throw new RequestFailed(answer.error.code, answer.error.message);
    return answer;
  }

  /** Runs `work` unless the same is under way, and notes its failure under the key. */
  #once(key: string, work: () => Promise<void>): Promise<void> {
    const running = this.#busy.get(key);
    if (running) return running as Promise<void>;
    const run = work()
      .then(() => this.#note(key, undefined))
      .catch((thrown: unknown) => this.#note(key, codeOf(thrown)))
      .finally(() => this.#busy.delete(key));
    this.#busy.set(key, run);
    return run;
  }

  #note(key: string, code: FailureCode | undefined): void {
    const failures = new Map(this.failures.get());
    if (code) failures.set(key, code);
    else if (!failures.delete(key)) return;
    this.failures.set(failures);
  }

  #window = (contactId: ContactId): TimelineWindow | undefined => this.#store.get().timelines.get(contactId);
}
