import { randomUUID } from 'node:crypto';
import type { Bus, OutgoingEvent, Subscribed } from '@yixian/bus';
import type { AccountChanged, ChannelName, Clock, Signal } from '@yixian/contracts';
import { newId, timestamp, topics } from '@yixian/contracts';
import type { Database, Transaction } from '@yixian/database';
import type { MediaStore } from '@yixian/media';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { AccountChecks } from './account-checks.ts';
import { abilitiesOf, checksAccounts, keepsTranscript, showsSignals, tellsState } from './abilities.ts';
import { Accounts } from './accounts.ts';
import { channelMetrics } from './channel-metrics.ts';
import type { Channel } from './channel.ts';
import { Host } from './host.ts';
import { Housekeeping } from './housekeeping.ts';
import { MicroBatch } from './micro-batch.ts';
import { isRetryable } from './persist.ts';
import { Quarantine } from './receiving/quarantine.ts';
import { Reception } from './receiving/reception.ts';
import { linesOf } from './sending/lines-of.ts';
import type { Ended } from './sending/ledger.ts';
import { patience } from './sending/retry-policy.ts';
import { Sender } from './sending/sender.ts';
import type { SendingTuning } from './sending/sender.ts';
import { TableStore } from './table-store.ts';
import { TranscriptFeed } from './transcript/transcript-feed.ts';
import { appendedLines, TranscriptTable } from './transcript/transcript-table.ts';
import type { AppendedLine, AppendedRow, NewLine } from './transcript/transcript-table.ts';

/** What a host works with; an App's context fits as it is. */
export interface HostMeans {
  bus: Bus;
  database: Database;
  media: MediaStore;
  clock: Clock;
  log: Logger;
  secret: { key(purpose: string): Buffer };
  metrics?: Registry;
  tuning?: Partial<SendingTuning>;
}

const tuning: SendingTuning = {
  concurrency: 32,
  sendTimeoutMs: 120_000,
  leaseMs: 4_000,
  drainMs: 10_000,
  maxWaiting: 5_000,
  retry: patience,
};

export interface ChannelHealth {
  ok: boolean;
  /** What is wrong, in words, when not ok. */
  reason?: string;
  accounts: number;
  /** Commands that wait or run in this process. */
  waiting: number;
  quarantined: number;
}

/** Makes a channel run: announced, with its accounts, receiving and sending. Resolves when it does. */
export async function hostChannel(channel: Channel, means: HostMeans): Promise<HostedChannel> {
  const hosted = new HostedChannel(channel, means);
  await hosted.start();
  return hosted;
}

/** A customer's message on its way in: to the hub, and to the customer's own transcript. */
interface Arrival {
  event: OutgoingEvent;
  line: NewLine;
}

/** A channel and its host. See {@link hostChannel}. */
export class HostedChannel {
  readonly quarantine: Quarantine;
  private readonly name: ChannelName;
  private readonly accounts: Accounts;
  private readonly reception: Reception;
  private readonly sender: Sender;
  private readonly table: TranscriptTable;
  private readonly feed: TranscriptFeed | undefined;
  private readonly housekeeping: Housekeeping;
  private readonly checks: AccountChecks | undefined;
  private readonly subscriptions: Subscribed[] = [];
  private readonly arrivals = new MicroBatch(
    (arrivals: Arrival[]) => this.takeIn(arrivals),
    (error) => !isRetryable(error),
  );

  constructor(
    private readonly channel: Channel,
    private readonly means: HostMeans,
  ) {
    const { database, clock, secret } = means;
    this.name = channel.about.channel;
    const log = means.log.child({ channel: this.name });
    const metrics = channelMetrics(this.name, means.metrics);
    const all = { ...means, log, metrics, channel };
    this.quarantine = new Quarantine(this.name, database, clock);
    this.accounts = new Accounts(channel.about, secret.key('account-settings'), log);
    this.table = new TranscriptTable(this.name, randomUUID(), database);
    this.feed = keepsTranscript(channel)
      ? new TranscriptFeed(channel, this.name, this.table, all)
      : undefined;
    const publishWithLine =
      this.feed && ((event: OutgoingEvent, line: NewLine) => this.arrivals.add({ event, line }));
    this.reception = new Reception({ ...all, quarantine: this.quarantine, publishWithLine });
    this.sender = new Sender({
      ...all,
      accounts: this.accounts,
      tuning: { ...tuning, ...means.tuning },
      record: (tx, ended) => this.record(tx, ended),
    });
    const [store, key] = [new TableStore(this.name, database, clock), secret.key('account-settings')];
    const account = this.accounts.get.bind(this.accounts);
    const isAsked = checksAccounts(channel) || tellsState(channel);
    this.checks = isAsked ? new AccountChecks(channel, { ...all, store, key, account }) : undefined;
    this.housekeeping = new Housekeeping(this.name, { database, clock, log, reception: this.reception });
  }

  async start(): Promise<void> {
    await this.announce();
    await this.subscribeAccounts();
    await this.channel.start(this.host());
    await this.feed?.start();
    if (showsSignals(this.channel)) await this.subscribeSignals(this.channel);
    await this.sender.start();
    await this.checks?.start();
    this.housekeeping.start();
  }

  /** Nothing new comes in, what runs ends, what waits stays for whoever comes next. */
  async stop(): Promise<void> {
    this.housekeeping.stop();
    await this.reception.stop();
    await this.channel.stop().catch((error: unknown) => {
      this.means.log.error({ err: error, channel: this.name }, 'The channel did not stop cleanly.');
    });
    await this.checks?.stop();
    await this.sender.stop();
    await Promise.all(this.subscriptions.map((subscribed) => subscribed.stop()));
    await this.feed?.stop();
  }

  async health(): Promise<ChannelHealth> {
    const counts = { accounts: this.accounts.all().length, waiting: this.sender.waiting };
    try {
      return { ok: true, ...counts, quarantined: (await this.quarantine.waiting()).length };
    } catch {
      return { ok: false, reason: 'The database cannot be reached.', ...counts, quarantined: 0 };
    }
  }

  private host(): Host {
    const { database, clock } = this.means;
    return new Host({
      ...this.means,
      log: this.means.log.child({ channel: this.name }),
      channel: this.name,
      accounts: this.accounts,
      reception: this.reception,
      quarantine: this.quarantine,
      ledger: this.sender.ledger,
      store: new TableStore(this.name, database, clock),
      transcript: this.table,
      onRead: (whose, lines) => this.feed?.hasRead(whose, lines),
    });
  }

  private async announce(): Promise<void> {
    const { about } = this.channel;
    const abilities = abilitiesOf(this.channel);
    const at = timestamp(this.means.clock);
    const data = { kind: 'channel.announced' as const, id: newId<string>(), ...about, abilities, at };
    await this.means.bus.publish([{ topic: topics.channels, key: this.name, data }]);
  }

  private async subscribeAccounts(): Promise<void> {
    const subscribed = await this.means.bus.subscribe<AccountChanged>({
      topic: topics.accounts,
      delivery: 'state',
      handler: async ({ events }) => {
        for (const { data } of events) this.accounts.apply(data);
      },
    });
    this.subscriptions.push(subscribed);
    await subscribed.ready;
  }

  private async subscribeSignals(channel: { onSignal(signal: Signal): void }): Promise<void> {
    const subscribed = await this.means.bus.subscribe<Signal>({
      topic: topics.signals,
      delivery: 'every',
      handler: async ({ events }) => {
        for (const { data } of events) if (this.isForCustomer(data)) channel.onSignal(data);
      },
    });
    this.subscriptions.push(subscribed);
    await subscribed.ready;
  }

  /** What the customers' own side says needs no telling back. */
  private isForCustomer(signal: Signal): boolean {
    if (signal.kind === 'agent.viewing' || signal.channel !== this.name) return false;
    return signal.kind === 'queue.position' || (signal.kind === 'typing' && signal.by === 'agent');
  }

  private async takeIn(arrivals: Arrival[]): Promise<AppendedLine[]> {
    const lines = arrivals.map(({ line }) => line);
    const events = arrivals.map(({ event }) => event);
    const rows = await this.means.bus.publishBeside<AppendedRow>(events, this.table.appending(lines));
    const appended = appendedLines(lines, rows);
    this.feed?.appended(appended);
    return appended;
  }

  /** The lines of what was sent, in the transaction that says so. */
  private async record(tx: Transaction, ended: Ended[]): Promise<void> {
    const lines = linesOf(ended);
    if (!this.feed || lines.length === 0) return;
    const appended = await this.table.append(tx, lines);
    tx.afterCommit(() => this.feed?.appended(appended));
  }
}
