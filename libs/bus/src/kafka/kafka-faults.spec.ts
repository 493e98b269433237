import { jest } from '@jest/globals';
import { systemClock, type TopicSpec } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import kafkajs, { type Producer } from 'kafkajs';
import { pino } from 'pino';
import { eventually } from '@yixian/contracts/testing';
import { KafkaLoad } from '../../testing/kafka-load.ts';
import { type KafkaCluster, kafkaCluster } from '../../testing/kafka.ts';
import { noted, type Noted, sampleTopic } from '../../testing/sample-topics.ts';
import { busSchema } from '../log/bus-schema.ts';
import { kafkaClient } from './client.ts';
import { KafkaBus } from './kafka.bus.ts';
import { KafkaProducer } from './producer/kafka-producer.ts';
import { partitionOf } from './producer/partition-of.ts';
import { createTopics } from './topics.ts';

jest.setTimeout(120_000);

const log = pino({ level: process.env.BUS_LOG ?? 'silent' });
const PER_SECOND = 100;
const KEYS = 48;
const BROKERS = [1, 2, 3];
const aTopic = () => sampleTopic({ partitions: 12 });
const topics = [aTopic(), aTopic(), aTopic()] as const;

let kafka: KafkaCluster;
let database: Database;
let bus: KafkaBus;
let producer: KafkaProducer;
let plain: Producer;
/** By the bus: with the spool behind it. */
let published: KafkaLoad;
/** By the guarded producer alone: nothing but Kafka may acknowledge. */
let guarded: KafkaLoad;
/** By kafkajs as it comes: each send spans brokers. */
let unguarded: KafkaLoad;

beforeAll(async () => {
  [kafka, database] = await Promise.all([kafkaCluster(3), freshDatabase({ parts: [busSchema] })]);
  await createTopics({ brokers: kafka.brokers, topics, log });
  const [byBus, byProducer, byKafkajs] = topics;
  bus = await KafkaBus.open({
    brokers: kafka.brokers,
    database,
    clock: systemClock,
    log,
    source: '/test',
    topics,
    onCrash: (error) => {
      throw error;
    },
  });
  producer = guardedProducer();
  plain = new kafkajs.Kafka({ brokers: kafka.brokers, logLevel: kafkajs.logLevel.NOTHING }).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await plain.connect();
  published = new KafkaLoad((n) => bus.publish([noted(byBus, keyOf(n), n)]), KEYS);
  guarded = new KafkaLoad((n) => producer.send([record(byProducer, n)], { withdrawable: false }), KEYS);
  unguarded = new KafkaLoad(spanning(byKafkajs), KEYS);
  await Promise.all([read(byBus, published), read(byProducer, guarded), read(byKafkajs, unguarded)]);
  published.start(PER_SECOND);
  guarded.start(PER_SECOND);
  unguarded.start(PER_SECOND);
});

afterAll(async () => {
  await Promise.all([published, guarded].map((load) => load?.stop()));
  await Promise.all([bus?.close(), producer?.close(), plain?.disconnect()]);
  await Promise.all([kafka?.down(), database?.close()]);
});

const keyOf = (n: number) => `key-${n % KEYS}`;

function record(topic: TopicSpec, n: number) {
  const key = keyOf(n);
  const value = JSON.stringify(noted(topic, key, n).data);
  return {
    topic: topic.name,
    partition: partitionOf(topic.name, key, topic.partitions),
    key,
    headers: {},
    value,
  };
}

function guardedProducer(): KafkaProducer {
  return new KafkaProducer({
    newClient: () => kafkaClient({ brokers: kafka.brokers, clientId: 'guarded', log }),
    clock: systemClock,
    log,
    requestTimeoutMs: 3000,
    patienceMs: Infinity,
    onOverdue: () => undefined,
  });
}

/** Collects what comes while a send is under way, and sends all of it at once: the usual way to batch. */
function spanning(topic: TopicSpec): (n: number) => Promise<void> {
  let next: { messages: { key: string; value: string }[]; sent: Promise<unknown> } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return async (n) => {
    if (!next) {
      const batch: { key: string; value: string }[] = [];
      const sent = last.then(() => {
        next = undefined;
        return plain.send({ topic: topic.name, acks: -1, messages: batch });
      });
      last = sent.catch(() => undefined);
      next = { messages: batch, sent };
    }
    const { key, value } = record(topic, n);
    next.messages.push({ key, value });
    await next.sent;
  };
}

async function read(topic: TopicSpec, load: KafkaLoad): Promise<void> {
  const { ready } = await bus.subscribe<Noted>({
    topic,
    delivery: { group: 'reader' },
    handler: async ({ events }) => events.forEach(({ data }) => load.receive(data.n)),
  });
  await ready;
}

const allAcknowledged = (load: KafkaLoad, until: number) =>
  load.sent > until && load.acknowledgedUpTo >= until;

/** What became of everything sent so far, once it is acknowledged and received. */
async function outcome(load: KafkaLoad) {
  const until = load.sent;
  await eventually(() => allAcknowledged(load, until), 60_000);
  await eventually(() => load.lost.every((n) => n > until), 60_000).catch(() => undefined);
  const { overtaken, refused } = load;
  return { lost: load.lost.filter((n) => n <= until), overtaken, refused };
}

/** Resolves when the broker leads partitions of every topic: only then is its loss a fault. */
async function leading(broker: number): Promise<void> {
  const admin = kafkaClient({ brokers: kafka.brokers, clientId: 'watch', log, retries: 5 }).admin();
  await admin.connect();
  try {
    await eventually(async () => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
      return found.every(({ partitions }) => partitions.some(({ leader }) => leader === broker));
    }, 60_000);
  } finally {
    await admin.disconnect();
  }
}

const outcomes = () => Promise.all([outcome(published), outcome(guarded)]);
const whole = { lost: [], overtaken: [], refused: [] };

test.each(BROKERS)('broker %i is killed and started again under load', async (broker) => {
  await leading(broker);
  await kafka.kill(broker);
  expect(await outcomes()).toEqual([whole, whole]);
  await kafka.start(broker);
  expect(await outcomes()).toEqual([whole, whole]);
});

test.each(BROKERS)('broker %i is frozen and thawed under load', async (broker) => {
  await leading(broker);
  await kafka.freeze(broker);
  expect(await outcomes()).toEqual([whole, whole]);
  await kafka.thaw(broker);
  expect(await outcomes()).toEqual([whole, whole]);
});

test('without the guard, one frozen broker stops all partitions until it is thawed', async () => {
  await eventually(() => unguarded.acknowledgedWithin(500) > 0, 60_000);
  await leading(2);
  await kafka.freeze(2);
  const until = guarded.sent + PER_SECOND;
  await eventually(() => allAcknowledged(guarded, until), 60_000);
  await eventually(() => guarded.acknowledgedWithin(1000) > PER_SECOND / 2);
  expect(unguarded.acknowledgedWithin(1000)).toBe(0);
  await kafka.thaw(2);
});
