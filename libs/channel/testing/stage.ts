import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus, OpenedBus } from '@yixian/bus';
import { BusUnavailable, busSchema, openBus } from '@yixian/bus';
import { customerKey, newId, outboundTopic, systemClock, timestamp, topics } from '@yixian/contracts';
import type {
  AccountId,
  AccountStateAsked,
  Address,
  ChannelName,
  Clock,
  EntryId,
  InboundEvent,
  OutboundCommand,
  SendMessage,
} from '@yixian/contracts';
import { sealSettings } from '@yixian/contracts/node';
import { openDatabase } from '@yixian/database';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { openMediaStore } from '@yixian/media';
import type { MediaStore } from '@yixian/media';
import pino from 'pino';
import { channelSchema } from '../src/channel-schema.ts';
import type { Channel, ChannelHost } from '../src/channel.ts';
import { hostChannel } from '../src/hosted-channel.ts';
import type { HostedChannel } from '../src/hosted-channel.ts';
import type { SendingTuning } from '../src/sending/sender.ts';
import type { ChannelUnderTest } from './channel-under-test.ts';

/** The schemas that a stage needs. */
export const stageParts = [busSchema, channelSchema];
const log = pino({ level: 'silent' });
export const ACCOUNT = 'main' as AccountId;

/** Short, so that a test need not wait long for what takes minutes in life. */
const hasty: Partial<SendingTuning> = {
  leaseMs: 1_000,
  drainMs: 5_000,
  retry: { firstMs: 20, longestMs: 100, attempts: 5, giveUpAfterMs: 60_000 },
};

/** A process: a channel in its host, with connections of its own that can be cut. */
export interface Process<C extends Channel> {
  channel: C;
  host: ChannelHost;
  hosted: HostedChannel;
  database: Database;
  /** While true, everything the host wants to publish fails as if no bus could be had. */
  bus: { down: boolean };
  /** Ends without a word, as kill -9 does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

type Send = Channel['send'];

export interface StartOptions {
  /** What stands between the host and the channel's own `send`. */
  send?: (real: Send) => Send;
  tuning?: Partial<SendingTuning>;
  /** The host's; by default the system's. */
  clock?: Clock;
  /** What stands between the host and its database. */
  database?: (real: Database) => Database;
}

/** Real PostgreSQL, a real bus, and processes that come and go; everything the hub would see is written down. */
export class Stage<C extends Channel> {
  readonly inbound: InboundEvent[] = [];
  readonly key = randomBytes(32);
  private readonly processes = new Set<Process<C>>();
  private version = 0;

  private constructor(
    readonly world: ChannelUnderTest<C>,
    readonly database: Database,
    private readonly bus: OpenedBus,
    private readonly media: MediaStore,
    private readonly folder: string,
  ) {}

  /** `database`: one with {@link stageParts}, which the stage closes; a fresh one by default. */
  static async open<C extends Channel>(world: ChannelUnderTest<C>, given?: Database): Promise<Stage<C>> {
    const database = given ?? (await freshDatabase({ parts: stageParts }));
    const folder = await mkdtemp(join(tmpdir(), 'yixian-channel-'));
    const stage = new Stage(world, database, await busOn(database), await openMediaStore({ folder }), folder);
    const watching = await stage.bus.subscribe<InboundEvent>({
      topic: topics.inbound,
      delivery: 'every',
      handler: async ({ events }) => void stage.inbound.push(...events.map(({ data }) => data)),
    });
    await watching.ready;
    await stage.setAccount();
    return stage;
  }

  get name(): ChannelName {
    return this.world.channel().about.channel;
  }

  /** The address of the customer of this name. */
  addressOf(name: string): Address {
    return (this.world.addressOf?.(name) ?? name) as Address;
  }

  /** The hub changes an account: made, changed, disabled or removed. */
  async setAccount(
    change: { id?: AccountId; name?: string; enabled?: boolean; removed?: boolean } = {},
  ): Promise<void> {
    const { id = ACCOUNT, name = 'Main', enabled = true, removed = false } = change;
    const { about } = this.world.channel();
    const data = {
      kind: 'account.changed' as const,
      id: newId<string>(),
      account: id,
      channel: about.channel,
      name,
      settings: sealSettings(about.settings, this.world.settings(), this.key),
      enabled,
      removed,
      version: ++this.version,
      at: timestamp(systemClock),
    };
    await this.bus.publish([{ topic: topics.accounts, key: id, data }]);
  }

  /** Starts another process. */
  async start({ send, tuning, clock = systemClock, ...over }: StartOptions = {}): Promise<Process<C>> {
    const channel = this.world.channel();
    const database = await openDatabase({
      url: this.database.url,
      dataDir: '',
      parts: stageParts,
      clock: systemClock,
      poolSize: 8,
    });
    const bus = await busOn(database);
    const control = { down: false };
    let host: ChannelHost | undefined;
    const hosted = await hostChannel(
      overlay<Channel>(channel, {
        start: (given: ChannelHost) => channel.start((host = given)),
        ...(send && { send: send((message, account) => channel.send(message, account)) }),
      }),
      {
        bus: overlay<Bus>(bus, {
          publish: (events) =>
            control.down ? Promise.reject(new BusUnavailable('it is down')) : bus.publish(events),
          publishBeside: (events, effect) =>
            control.down
              ? Promise.reject(new BusUnavailable('it is down'))
              : bus.publishBeside(events, effect),
        }),
        database: over.database?.(database) ?? database,
        media: this.media,
        clock,
        log,
        secret: { key: () => this.key },
        tuning: { ...hasty, ...tuning },
      },
    );
    const process: Process<C> = {
      channel,
      host: host!,
      hosted,
      database,
      bus: control,
      kill: async () => {
        this.processes.delete(process);
        await database.close();
        await channel.stop();
      },
      stop: async () => {
        this.processes.delete(process);
        await hosted.stop();
        await bus.close();
        await database.close();
      },
    };
    this.processes.add(process);
    return process;
  }

  /** The hub sends messages to customers. */
  async send(
    ...messages: { address: string; text: string; id?: EntryId; account?: AccountId }[]
  ): Promise<EntryId[]> {
    const commands = messages.map((message) => this.messageOf(message));
    await this.command(...commands);
    return commands.map(({ id }) => id);
  }

  /** Asks every process of the channel about accounts. */
  async ask(...asked: AccountStateAsked[]): Promise<void> {
    await this.bus.publish(asked.map((data) => ({ topic: topics.checks, key: data.channel, data })));
  }

  async command(...commands: OutboundCommand[]): Promise<void> {
    const topic = outboundTopic(this.name);
    await this.bus.publish(commands.map((data) => ({ topic, key: customerKey(data), data })));
  }

  /** The states that the hub was told of a message, in order. */
  receipts(id: EntryId): string[] {
    return this.inbound.flatMap((event) =>
      event.kind === 'receipt.reported' && event.messageId === id ? [event.state] : [],
    );
  }

  /** The messages that the hub was told of, in order, by text. */
  received(address: string): string[] {
    return this.inbound.flatMap((event) =>
      event.kind === 'message.received' && event.address === this.addressOf(address) ? [event.text] : [],
    );
  }

  /** Stops every process that still runs. */
  async stopAll(): Promise<void> {
    for (const process of this.processes) await process.stop();
  }

  async close(): Promise<void> {
    await this.stopAll();
    await this.bus.close();
    await this.database.close();
    await this.world.close();
    await rm(this.folder, { recursive: true });
  }

  private messageOf({
    id,
    account,
    address,
    text,
  }: {
    address: string;
    text: string;
    id?: EntryId;
    account?: AccountId;
  }): SendMessage {
    return {
      kind: 'message.send',
      id: id ?? newId(),
      channel: this.name,
      account: account ?? ACCOUNT,
      address: this.addressOf(address),
      conversationId: newId(),
      author: { kind: 'agent', name: 'Wang' },
      text,
      attachments: [],
      payload: {},
      createdAt: timestamp(systemClock),
    };
  }
}

function busOn(database: Database): Promise<OpenedBus> {
  const source = '/yixian/channel-suite';
  return openBus({
    database,
    clock: systemClock,
    log,
    source,
    topics: Object.values(topics),
    onCrash: (error) => log.error(error),
  });
}

/** `target`, with some members put over it. Its own methods keep their own `this`. */
export function overlay<T extends object>(target: T, over: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      if (name in over) return over[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
