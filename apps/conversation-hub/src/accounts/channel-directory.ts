import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Bus, Subscribed } from '@yixian/bus';
import { topics } from '@yixian/contracts';
import type { ChannelAnnounced, ChannelName, Clock } from '@yixian/contracts';
import { BUS, CLOCK, Refused } from '@yixian/service';

/** The channels that announced themselves, now or at any time before. All that the hub knows of them. */
@Injectable()
export class ChannelDirectory implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly channels = new Map<ChannelName, ChannelAnnounced>();
  private waiting: { channel: ChannelName; tell: (announced: ChannelAnnounced) => void }[] = [];
  private subscribed: Subscribed | undefined;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.subscribed = await this.bus.subscribe<ChannelAnnounced>({
      topic: topics.channels,
      delivery: 'state',
      handler: async ({ events }) => events.forEach(({ data }) => this.hear(data)),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscribed?.stop();
  }

  list(): ChannelAnnounced[] {
    return [...this.channels.values()].sort((a, b) => a.channel.localeCompare(b.channel));
  }

  find(channel: ChannelName): ChannelAnnounced | undefined {
    return this.channels.get(channel);
  }

  /** Waits until the channel has announced itself. Throws `unavailable` when it does not within `ms`. */
  announced(channel: ChannelName, ms: number): Promise<ChannelAnnounced> {
    const known = this.find(channel);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(ms, () => {
        this.waiting = this.waiting.filter((other) => other !== waiter);
        reject(new Refused('unavailable', `The channel ${channel} has not announced itself.`));
      });
      const waiter = {
        channel,
        tell: (announced: ChannelAnnounced) => {
          cancel();
          resolve(announced);
        },
      };
      this.waiting.push(waiter);
    });
  }

  private hear(announced: ChannelAnnounced): void {
    this.channels.set(announced.channel, announced);
    const told = this.waiting.filter(({ channel }) => channel === announced.channel);
    this.waiting = this.waiting.filter((waiter) => !told.includes(waiter));
    for (const { tell } of told) tell(announced);
  }
}
