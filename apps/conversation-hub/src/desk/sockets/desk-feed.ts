import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Batch, Bus, Subscribed } from '@yixian/bus';
import { topics } from '@yixian/contracts';
import type {
  Cancel,
  Clock,
  Conversation,
  DeskEvent,
  Signal,
  Synced,
  TimelineEvent,
} from '@yixian/contracts';
import { BUS, CLOCK, LOGGER } from '@yixian/service';
import type { Logger } from 'pino';
import { InboxCounter } from '../inbox-counter.ts';
import { addressed, toEveryone, toWatchers } from './addressed.ts';
import type { Addressed } from './addressed.ts';
import { Coalescer } from './coalescer.ts';
import { DeskClients } from './desk-clients.ts';
import { ViewingBoard } from './viewing-board.ts';
import { Whereabouts } from './whereabouts.ts';

/** Events wait for each other at most so long, in ms. */
const WINDOW_MS = 20;
/**
 * Parts of rest to one part of telling the browsers: a tenth of the time goes into it at most, until the window is as
 * long as it gets. With a few browsers an event goes out at once; with very many, those of 20 ms go together.
 */
const REST = 9;
const COUNTS_EVERY_MS = 1000;
const EXPIRE_EVERY_MS = 5000;

/**
 * What happens, told to the browsers of this process. Every process reads all of it and keeps nothing: what a browser
 * missed, it asks of the database.
 */
@Injectable()
export class DeskFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly viewing: ViewingBoard;
  private readonly whereabouts = new Whereabouts();
  private readonly events: Coalescer<Addressed>;
  private readonly counts: Coalescer<true>;
  private subscribed: Subscribed[] = [];
  private cancelExpiry: Cancel = () => {};
  private live = false;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly clients: DeskClients,
    private readonly counter: InboxCounter,
  ) {
    this.viewing = new ViewingBoard(clock);
    this.events = new Coalescer(clock, windowAfter, (items) => this.clients.deliver(items));
    this.counts = new Coalescer(
      clock,
      () => COUNTS_EVERY_MS,
      () => void this.tellCounts(),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    this.subscribed = await Promise.all([
      this.bus.subscribe<TimelineEvent>({
        topic: topics.timeline,
        delivery: 'every',
        handler: async (batch) => this.hearTimeline(batch),
      }),
      this.bus.subscribe<Signal>({
        topic: topics.signals,
        delivery: 'every',
        handler: async (batch) => this.hearSignals(batch),
      }),
    ]);
    void Promise.all(this.subscribed.map(({ ready }) => ready)).then(
      () => (this.live = true),
      (error: unknown) => this.log.warn({ err: error }, 'The desk hears nothing; sockets are refused.'),
    );
    this.expireLater();
  }

  async onModuleDestroy(): Promise<void> {
    this.cancelExpiry();
    await Promise.all(this.subscribed.map((subscribed) => subscribed.stop()));
    this.events.stop();
    this.counts.stop();
  }

  /** Whether what happens now reaches the sockets. Before that, a browser would miss things without knowing. */
  get isLive(): boolean {
    return this.live;
  }

  viewers(): Synced['viewing'] {
    return this.viewing.list();
  }

  /** Takes note of whose these conversations are; tells who of them is here. */
  presentAt(conversations: readonly Conversation[]): DeskEvent[] {
    for (const conversation of conversations) this.whereabouts.learn(conversation);
    return this.whereabouts.presentAt(conversations);
  }

  private hearTimeline({ events }: Batch<TimelineEvent>): void {
    const happened = events.map(({ data }) => data);
    for (const event of happened) if ('conversation' in event) this.whereabouts.learn(event.conversation);
    this.events.add(happened.map(addressed));
    if (happened.some((event) => 'conversation' in event)) this.counts.add([true]);
  }

  private hearSignals({ events }: Batch<Signal>): void {
    this.events.add(events.flatMap(({ data }) => this.heard(data) ?? []));
  }

  private heard(signal: Signal): Addressed | undefined {
    if (signal.kind === 'agent.viewing') {
      const event = this.viewing.hear(signal);
      return event && toEveryone(event);
    }
    if (signal.kind === 'queue.position') return undefined;
    const event =
      signal.kind === 'typing' ? this.whereabouts.typing(signal) : this.whereabouts.presence(signal);
    return event && toWatchers(event.contactId, event);
  }

  private async tellCounts(): Promise<void> {
    if (this.clients.size === 0) return;
    try {
      this.clients.tellCounts(await this.counter.count());
    } catch (error) {
      this.log.warn({ err: error }, 'The conversations could not be counted.');
    }
  }

  private expireLater(): void {
    this.cancelExpiry = this.clock.after(EXPIRE_EVERY_MS, () => {
      this.events.add(this.viewing.expire().map(toEveryone));
      this.expireLater();
    });
  }
}

const windowAfter = (spentMs: number): number => Math.min(WINDOW_MS, spentMs * REST);
