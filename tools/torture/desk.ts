import {
  ask,
  catchUp,
  follow,
  hasHole,
  haveOf,
  isVersioned,
  openWindow,
  openWindowAfter,
  unwatch,
} from '@yixian/agent-inbox/desk/timeline-window.ts';
import type { TimelineWindow } from '@yixian/agent-inbox/desk/timeline-window.ts';
import type {
  Clock,
  ContactDetail,
  ContactId,
  Conversation,
  DeskEvent,
  Entry,
  Problem,
  Synced,
  TimelinePage,
  Watched,
} from '@yixian/contracts';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { AgentSide } from './checker.ts';
import type { DeskCalls } from './desk-calls.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import { codeOf } from './words.ts';

const ANSWER_WITHIN = 10_000;
const AGAIN = [100, 1500] as const;
/** A hole is given so long to fill itself before the hub is asked, in ms. As the inbox does. */
const HOLE_GRACE = 200;
/** Contacts one agent follows at a time; the hub allows 50. */
const MOST_OPEN = 40;

export interface DeskMeans {
  clock: Clock;
  journal: Journal;
  random: Random;
  urls: string[];
  token: string;
  calls: DeskCalls;
  /** A customer wrote, in a contact this agent follows. */
  onMessage: (entry: Entry, seenSeq: number) => void;
  onWrong: (who: string, says: string) => void;
}

/** One agent's browser: follows contacts with the inbox's own logic, over a connection that breaks. */
export class Desk {
  private socket: Socket | undefined;
  private readonly windows = new Map<ContactId, TimelineWindow>();
  private readonly busy = new Set<ContactId>();
  /** What was shown of contacts that are not followed any more. */
  private readonly closed: AgentSide[] = [];
  private readonly known = new Set<ContactId>();
  private readonly heardFirst = new Set<string>();

  constructor(
    readonly name: string,
    private readonly means: DeskMeans,
  ) {
    this.connect();
  }

  /** Everything that is open is followed without a hole. */
  get isCalm(): boolean {
    if (!this.socket?.connected || this.busy.size > 0) return false;
    return [...this.windows.values()].every((w) => w.watch === 'live' && !w.stale && w.pending.length === 0);
  }

  sides(): AgentSide[] {
    const open = [...this.windows.values()].flatMap((window) => this.shown(window, true));
    return [...this.closed, ...open];
  }

  private connect(): void {
    const { urls, random, token } = this.means;
    const options = { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true };
    const socket = io(`${random.one(urls)}/agent`, options);
    this.socket = socket;
    socket.on('connect', () => void this.connected(socket));
    socket.on('events', (events: DeskEvent[]) => this.hear(events));
    socket.on('resync', () => void this.connected(socket));
    socket.on('disconnect', (reason) => this.lost(socket, reason));
    socket.on('connect_error', (error: Error & { data?: Problem }) => {
      const code = error.data?.error?.code;
      if (code === 'unauthenticated' || code === 'forbidden')
        this.means.onWrong(this.name, `was refused with ${code}`);
      this.lost(socket, code ?? error.message);
    });
  }

  private lost(socket: Socket, reason: string): void {
    if (this.socket !== socket) return;
    const { clock, random, journal } = this.means;
    journal.note(this.name, `offline: ${reason}`);
    this.socket = undefined;
    socket.removeAllListeners().disconnect();
    this.forgetWatches();
    clock.after(random.between(...AGAIN), () => this.connect());
  }

  private forgetWatches(): void {
    for (const [id, window] of this.windows) this.windows.set(id, unwatch(window));
  }

  private async connected(socket: Socket): Promise<void> {
    try {
      await this.ask<Synced>(socket, 'sync', {});
      this.means.journal.note(this.name, 'online');
      this.forgetWatches();
      await this.findContacts();
      for (const id of this.windows.keys()) void this.ensure(id);
    } catch {
      // Connected but not answered: as good as not connected.
      socket.disconnect();
    }
  }

  /** Contacts that wrote while nobody listened. */
  private async findContacts(): Promise<void> {
    for (const { contactId } of await this.means.calls.newest()) this.open(contactId);
  }

  private hear(events: readonly DeskEvent[]): void {
    for (const event of events) {
      if (event.type === 'entry' || event.type === 'conversation') this.open(event.conversation.contactId);
      if (!isVersioned(event)) continue;
      const contactId = event.type === 'delivery' ? event.contactId : event.conversation.contactId;
      const window = this.windows.get(contactId);
      if (window) this.put(follow(window, [event]));
    }
  }

  private open(contactId: ContactId): void {
    if (this.known.has(contactId)) return;
    this.known.add(contactId);
    if (this.windows.size >= MOST_OPEN) this.close();
    this.windows.set(contactId, { ...empty, contactId });
    void this.ensure(contactId);
  }

  /** The contact opened longest ago is not followed any more; what was shown of it must stay true. */
  private close(): void {
    const [oldest] = this.windows.values();
    if (!oldest) return;
    this.closed.push(...this.shown(oldest, false));
    this.windows.delete(oldest.contactId);
    this.socket?.emit('unwatch', { contactId: oldest.contactId });
  }

  private put(window: TimelineWindow): void {
    const before = this.windows.get(window.contactId);
    this.windows.set(window.contactId, window);
    if (before) this.tellNews(before, window);
    if (window.stale) void this.ensure(window.contactId);
    else if (hasHole(window)) void this.mend(window.contactId);
  }

  private tellNews(before: TimelineWindow, { entries, seqs }: TimelineWindow): void {
    const last = before.entries.at(-1)?.orderedAt ?? 0;
    for (const entry of entries.slice(-20)) {
      if (entry.direction !== 'in' || entry.orderedAt <= last || this.heardFirst.has(entry.id)) continue;
      this.remember(entry.id);
      this.means.onMessage(entry, seqs.get(entry.conversationId) ?? 0);
    }
  }

  private remember(id: string): void {
    this.heardFirst.add(id);
    const [oldest] = this.heardFirst;
    if (this.heardFirst.size > 5000 && oldest) this.heardFirst.delete(oldest);
  }

  /** Loads the timeline if need be and follows it, again until it is so or the connection is gone. */
  private async ensure(contactId: ContactId): Promise<void> {
    const { socket } = this;
    if (!socket?.connected || this.busy.has(contactId)) return;
    this.busy.add(contactId);
    try {
      const window = this.windows.get(contactId);
      if (!window) return;
      if (window.stale) await this.load(contactId);
      await this.watch(socket, contactId);
    } catch (error) {
      this.means.journal.note(this.name, `could not follow ${contactId}: ${String(error)}`);
      this.means.clock.after(1000, () => void this.ensure(contactId));
    } finally {
      this.busy.delete(contactId);
    }
    const now = this.windows.get(contactId);
    if (now?.stale) this.means.clock.after(100, () => void this.ensure(contactId));
  }

  private async load(contactId: ContactId): Promise<void> {
    const [detail, page]: [ContactDetail, TimelinePage] = await Promise.all([
      this.means.calls.contact(contactId),
      this.means.calls.timeline(contactId),
    ]);
    const window =
      openWindow(detail, page) ?? openWindowAfter(detail, await this.means.calls.timeline(contactId));
    if (this.windows.has(contactId)) this.put(window);
  }

  private async watch(socket: Socket, contactId: ContactId): Promise<void> {
    const window = this.windows.get(contactId);
    if (!window || this.socket !== socket) return;
    const asked = ask(window);
    this.windows.set(contactId, asked);
    try {
      const watched = await this.ask<Watched>(socket, 'watch', { contactId, have: haveOf(asked) });
      const now = this.windows.get(contactId);
      if (now && this.socket === socket) this.put(catchUp(now, watched));
    } catch (error) {
      // A connection that does not answer is not one: connect anew and ask again.
      socket.disconnect();
      throw error;
    }
  }

  private async mend(contactId: ContactId): Promise<void> {
    if (this.busy.has(contactId)) return;
    this.busy.add(contactId);
    await new Promise<void>((resolve) => this.means.clock.after(HOLE_GRACE, resolve));
    this.busy.delete(contactId);
    const window = this.windows.get(contactId);
    if (window && hasHole(window)) await this.ensure(contactId);
  }

  private async ask<T>(socket: Socket, message: string, body: unknown): Promise<T> {
    const answer = (await socket.timeout(ANSWER_WITHIN).emitWithAck(message, body)) as T | Problem;
    if (answer && typeof answer === 'object' && 'error' in answer) throw new Error(answer.error.code);
    return answer;
  }

  private shown({ entries, watch }: TimelineWindow, whole: boolean): AgentSide[] {
    const sides = new Map<Conversation['id'], AgentSide>();
    for (const { conversationId, seq, text, orderedAt, delivery } of entries) {
      const side = sides.get(conversationId) ?? {
        agent: this.name,
        conversationId,
        entries: [],
        whole: whole && watch === 'live',
      };
      side.entries.push({ seq, code: codeOf(text), orderedAt, delivery: delivery?.state ?? null });
      sides.set(conversationId, side);
    }
    return [...sides.values()];
  }
}

/** A timeline of which nothing is loaded yet. */
const empty: Omit<TimelineWindow, 'contactId'> = {
  entries: [],
  first: null,
  last: null,
  older: false,
  newer: false,
  have: new Map(),
  seqs: new Map(),
  pending: [],
  aside: [],
  watch: 'none',
  stale: true,
};
