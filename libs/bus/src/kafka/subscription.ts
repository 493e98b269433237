import { type Clock, newId, pause } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import type { Subscribed, Subscription } from '../bus.ts';
import { BatchDelivery } from '../delivery/batch-delivery.ts';
import { Cursors } from '../delivery/cursors.ts';
import type { Delivered, RawBatch } from '../delivery/raw-record.ts';
import type { BatchContext } from '../bus.ts';
import { KafkaConsumer } from './consumer/kafka-consumer.ts';
import { KeptPositions, type Positions, StoredPositions } from './consumer/positions.ts';
import { StateSnapshot } from './consumer/state-snapshot.ts';
import { type Watermarks, watermarks } from './consumer/watermarks.ts';

export interface SubscriptionMeans {
  newClient: () => Kafka;
  database: Database;
  clock: Clock;
  log: Logger;
  onCrash: (error: unknown) => void;
}

/** What differs between the kinds of delivery. */
interface Reading {
  groupId: string;
  positions: Positions;
  deliver(raw: RawBatch, context: BatchContext): Promise<Delivered>;
  /** Resolves when more than the first assignment is needed to be ready. */
  caughtUp?: Promise<void>;
  /** The group on the brokers serves this process alone. */
  own: boolean;
}

const ASK_AGAIN_MS = 500;

/** One subscription on Kafka: begins as soon as a broker answers, and reads until it is stopped. */
export class KafkaSubscription implements Subscribed {
  readonly ready: Promise<void>;
  private readonly closing = new AbortController();
  private readonly opened: Promise<void>;
  private consumer: KafkaConsumer | undefined;
  private reading: Reading | undefined;
  private positioned!: () => void;

  constructor(
    private readonly subscription: Subscription,
    private readonly means: SubscriptionMeans,
  ) {
    const positioned = new Promise<void>((resolve) => {
      this.positioned = resolve;
    });
    this.opened = this.open();
    this.ready = this.opened.then(() => positioned).then(() => this.reading?.caughtUp);
  }

  /** The stored cursors may have been taken back by a crash of the server: goes on from where they stand now. */
  reposition(): void {
    this.consumer?.reposition();
  }

  async stop(): Promise<void> {
    this.closing.abort();
    await this.opened;
    await this.consumer?.stop();
    if (this.reading?.own) await this.deleteGroup(this.reading.groupId);
  }

  private async open(): Promise<void> {
    const { newClient, clock, log, onCrash } = this.means;
    this.reading = await this.begin();
    if (this.closing.signal.aborted || !this.reading) return;
    const { groupId, positions, deliver, own } = this.reading;
    this.consumer = new KafkaConsumer({
      groupId,
      alone: own,
      topic: this.subscription.topic,
      positions,
      deliver,
      onPositioned: this.positioned,
      newClient,
      clock,
      log,
      onCrash,
    });
  }

  private async begin(): Promise<Reading | undefined> {
    const { subscription, means } = this;
    const delivery = new BatchDelivery(subscription, means);
    const { topic } = subscription;
    if (typeof subscription.delivery !== 'string') {
      // One group of Kafka's for each topic: its members must all read the same topics.
      const { group } = subscription.delivery;
      const positions = new StoredPositions(new Cursors(means.database), group, topic.name);
      const deliver = (raw: RawBatch, context: BatchContext) => delivery.deliver(raw, context);
      return { groupId: `${group}.${topic.name}`, positions, deliver, own: false };
    }
    const marks = await this.marks();
    if (!marks) return undefined;
    return subscription.delivery === 'every'
      ? everyFrom(marks, delivery, topic.name)
      : stateOf(marks, delivery, topic.name);
  }

  /** What the topic holds at the start; asked until a broker answers. */
  private async marks(): Promise<Map<number, Watermarks> | undefined> {
    const { newClient, clock, log } = this.means;
    while (!this.closing.signal.aborted) {
      try {
        return await watermarks(newClient, this.subscription.topic.name);
      } catch (error) {
        log.warn({ err: error, topic: this.subscription.topic.name }, 'No broker says where the topic ends.');
        await pause(clock, ASK_AGAIN_MS, this.closing.signal);
      }
    }
    return undefined;
  }

  /** Nobody will read in it again. Brokers forget empty groups by themselves, days later. */
  private async deleteGroup(groupId: string): Promise<void> {
    const admin = this.means.newClient().admin();
    try {
      await admin.connect();
      await admin.deleteGroups([groupId]);
    } catch (error) {
      this.means.log.debug({ err: error, groupId }, 'A group was left to the brokers to forget.');
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

function everyFrom(marks: Map<number, Watermarks>, delivery: BatchDelivery, topic: string): Reading {
  const ends = new Map([...marks].map(([partition, { high }]) => [partition, high]));
  return {
    groupId: `every.${topic}.${newId<string>()}`,
    positions: new KeptPositions(ends),
    deliver: (raw, context) => delivery.deliver(raw, context),
    own: true,
  };
}

function stateOf(marks: Map<number, Watermarks>, delivery: BatchDelivery, topic: string): Reading {
  let complete!: () => void;
  const caughtUp = new Promise<void>((resolve) => {
    complete = resolve;
  });
  const snapshot = new StateSnapshot(marks, (raw, context) => delivery.deliver(raw, context), complete);
  if (snapshot.complete) complete();
  return {
    groupId: `state.${topic}.${newId<string>()}`,
    positions: new KeptPositions(new Map([...marks].map(([partition, { low }]) => [partition, low]))),
    deliver: (raw, context) => snapshot.deliver(raw, context),
    caughtUp,
    own: true,
  };
}
