import { randomUUID } from 'node:crypto';
import type { Batch, Bus, Subscribed } from '@yixian/bus';
import { outboundTopic } from '@yixian/contracts';
import type { Clock, OutboundCommand, SendMessage } from '@yixian/contracts';
import type { Database, Transaction } from '@yixian/database';
import type { Logger } from 'pino';
import { followsConversation, showsReads } from '../abilities.ts';
import type { Accounts } from '../accounts.ts';
import type { ChannelMetrics } from '../channel-metrics.ts';
import type { Channel } from '../channel.ts';
import { MicroBatch } from '../micro-batch.ts';
import { persist } from '../persist.ts';
import { Attempt } from './attempt.ts';
import type { Command } from './command.ts';
import { LaneLoader } from './lane-loader.ts';
import { LaneQueue } from './lane-queue.ts';
import type { Performed } from './lane-queue.ts';
import { Lanes } from './lanes.ts';
import { Ledger } from './ledger.ts';
import type { Ended } from './ledger.ts';
import { nextPause } from './retry-policy.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { Showing } from './showing.ts';

/** How sends are run. */
export interface SendingTuning {
  /** Sends that run at the same time in this process. */
  concurrency: number;
  /** After this a send that says nothing counts as `unknown`. */
  sendTimeoutMs: number;
  /** How long another process waits before it takes over the lanes of one that fell silent. */
  leaseMs: number;
  /** How long a stop waits for sends that run. */
  drainMs: number;
  /** Commands held in memory; beyond that they wait on the bus. */
  maxWaiting: number;
  retry: RetryPolicy;
}

export interface SenderMeans {
  channel: Channel;
  accounts: Accounts;
  database: Database;
  bus: Bus;
  clock: Clock;
  log: Logger;
  metrics: ChannelMetrics;
  tuning: SendingTuning;
  /** What else is committed with the outcome of sends: their lines in the transcript. */
  record(tx: Transaction, ended: Ended[]): Promise<void>;
}

/** Tried this often, a change that could not be shown to the customer is let go: the next one shows more. */
const SHOW_ATTEMPTS = 5;

/** Before a command is begun again whose lane was only just ours again. */
const RECLAIM_MS = 20;

/** The bus asks too fast: the batch comes again when there is room. */
class NoRoom extends Error {
  readonly code = 'no_room';
  readonly retryable = true;
}

/**
 * Performs the commands to a channel. Each is in the ledger before the bus forgets it, is `sending` there before the
 * channel is called, and its outcome is committed together with the receipt that tells the hub. So a message is sent at
 * most once, and what became of it is never lost.
 */
export class Sender {
  readonly ledger: Ledger;
  private readonly queue: LaneQueue;
  private readonly lanes: Lanes;
  private readonly loader: LaneLoader;
  private readonly attempts: Attempt;
  private readonly showing: Showing;
  private readonly giveUp = new AbortController();
  private readonly begins = new MicroBatch((commands: Command[]) =>
    this.safely(() => this.ledger.begin(commands)),
  );
  private readonly ends = new MicroBatch((ended: Ended[]) => this.commit(ended));
  private subscribed: Subscribed | undefined;
  /** Where the last batch of each partition ended that came here. */
  private readonly ended = new Map<number, number>();

  constructor(private readonly means: SenderMeans) {
    const { channel, tuning, clock } = means;
    const me = randomUUID();
    const name = channel.about.channel;
    this.ledger = new Ledger(name, me, means);
    this.queue = new LaneQueue({ clock, concurrency: tuning.concurrency }, (command) =>
      this.perform(command),
    );
    this.loader = new LaneLoader(this.ledger, this.queue, { ...means, signal: this.giveUp.signal });
    const { leaseMs } = tuning;
    const lanes = outboundTopic(name).partitions;
    this.lanes = new Lanes(
      name,
      me,
      { ...means, leaseMs, lanes },
      {
        onTaken: (partition) => this.loader.load(partition, { settle: true }),
        // What waits here would otherwise be performed out of order once the lane is ours again.
        onLost: (partition) => void this.queue.clear(partition),
        onWanted: (partition) => this.queue.clear(partition),
      },
    );
    this.attempts = new Attempt(means, (ended) => this.finish(ended));
    this.showing = new Showing(channel, means);
  }

  async start(): Promise<void> {
    await this.showing.start();
    await this.lanes.start();
    const name = this.means.channel.about.channel;
    this.subscribed = await this.means.bus.subscribe<OutboundCommand>({
      topic: outboundTopic(name),
      delivery: { group: `${name}-adapter` },
      cursor: 'handler',
      handler: (batch) => this.take(batch),
    });
    await this.subscribed.ready;
  }

  /** Takes nothing more, lets running sends end (for a bounded time), leaves the rest to whoever comes next. */
  async stop(): Promise<void> {
    const { clock, tuning, log } = this.means;
    this.queue.halt();
    await this.subscribed?.stop();
    const late = new Promise<boolean>((resolve) => {
      const cancel = clock.after(tuning.drainMs, () => resolve(true));
      void this.queue.until(() => this.queue.busy === 0).then(() => (cancel(), resolve(false)));
    });
    if (await late) log.warn({ running: this.queue.busy }, 'Sends still ran when the channel had to stop.');
    this.giveUp.abort();
    await this.lanes.stop();
    await this.showing.stop();
  }

  /** How many commands wait or run in this process. */
  get waiting(): number {
    return this.queue.size;
  }

  private async take(batch: Batch<OutboundCommand>): Promise<void> {
    if (this.queue.size >= this.means.tuning.maxWaiting)
      throw new NoRoom('Too many commands wait in this process.');
    const commands = batch.events.map(({ data }) => data).filter((command) => this.performs(command));
    try {
      const taken = await this.ledger.take(batch.partition, commands, batch.cursor);
      const goesOn = this.ended.get(batch.partition) === batch.cursor.from;
      this.ended.set(batch.partition, batch.cursor.to);
      if (!this.lanes.holds(batch.partition)) {
        if (taken.length > 0) await this.lanes.want(batch.partition);
      } else if (goesOn) this.loader.add(batch.partition, taken);
      // Another process took what came between, in a lane that it did not hold: only the ledger knows of it.
      else this.loader.load(batch.partition, { settle: false });
    } catch (error) {
      // The commit may have happened although its answer was lost. Then only the table knows of these commands.
      this.loader.load(batch.partition, { settle: false });
      throw error;
    }
  }

  private performs({ kind }: OutboundCommand): boolean {
    if (kind === 'conversation.shown') return followsConversation(this.means.channel);
    return kind === 'message.send' || showsReads(this.means.channel);
  }

  /** Never rejects: whatever happens, the customer's next command must come to its turn. */
  private async perform(command: Command): Promise<Performed> {
    try {
      return command.data.kind === 'message.send'
        ? await this.send(command, command.data)
        : await this.show(command);
    } catch (error) {
      if (!this.giveUp.signal.aborted)
        this.means.log.error({ err: error, command: command.id }, 'A command was left.');
      return { over: true };
    }
  }

  private async send(command: Command, message: SendMessage): Promise<Performed> {
    const beginning = await this.begins.add(command);
    if (beginning === 'gone') return { over: true };
    if (beginning === 'not ours') return this.reclaim(command);
    command.attempts += 1;
    const outcome = await this.attempts.of(command, message);
    await this.finish({ command, outcome });
    return outcome.kind === 'again' ? { over: false, afterMs: outcome.afterMs } : { over: true };
  }

  /**
   * Our lease on the lane has run out, be it that we were frozen or the database was away. If nobody took the lane it is
   * ours again now; otherwise it is asked for, since the bus brings it here, and what waits is its holder's: all of it,
   * for should the lane come in the next moment, what comes after this command would overtake it.
   */
  private async reclaim({ partition }: Command): Promise<Performed> {
    await this.lanes.want(partition);
    if (this.lanes.holds(partition)) return { over: false, afterMs: RECLAIM_MS };
    void this.queue.clear(partition);
    return { over: true };
  }

  private async show(command: Command): Promise<Performed> {
    const { tuning, log } = this.means;
    const { data } = command;
    try {
      if (data.kind !== 'message.send') await this.showing.show(data);
    } catch (error) {
      command.attempts += 1;
      const afterMs = nextPause({ ...tuning.retry, attempts: SHOW_ATTEMPTS }, command.attempts, 0);
      if (afterMs !== undefined) return { over: false, afterMs };
      log.warn(
        { err: error, command: data.id, kind: data.kind },
        'A change could not be shown to the customer.',
      );
    }
    await this.safely(() => this.ledger.forget([command]));
    return { over: true };
  }

  private finish(ended: Ended): Promise<void> {
    return this.ends.add(ended);
  }

  private async commit(ended: Ended[]): Promise<void[]> {
    await this.safely(() => this.ledger.finish(ended, (tx, news) => this.means.record(tx, news)));
    return ended.map(() => undefined);
  }

  /** The database may be away for a while; what was sent must still be written down. */
  private safely<T>(work: () => Promise<T>): Promise<T> {
    return persist(work, { clock: this.means.clock, signal: this.giveUp.signal });
  }
}
