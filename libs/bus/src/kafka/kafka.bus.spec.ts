import { jest } from '@jest/globals';
import { systemClock, type TopicSpec } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { pino } from 'pino';
import { eventually } from '../../testing/eventually.ts';
import { type KafkaCluster, kafkaCluster } from '../../testing/kafka.ts';
import { noted, type Noted, sampleTopic } from '../../testing/sample-topics.ts';
import { busSchema } from '../log/bus-schema.ts';
import { KafkaBus } from './kafka.bus.ts';

jest.setTimeout(60_000);

const log = pino({ level: process.env.BUS_LOG ?? 'silent' });
let kafka: KafkaCluster;
let database: Database;
const open = (topics: TopicSpec[] = []) =>
  KafkaBus.open({
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

beforeAll(async () => {
  [kafka, database] = await Promise.all([kafkaCluster(), freshDatabase({ parts: [busSchema] })]);
});
afterAll(async () => {
  await database?.close();
  await kafka?.down();
});

test('events go straight to Kafka, and those of a transaction after its commit', async () => {
  const topic = sampleTopic();
  const bus = await open([topic]);
  const got: number[] = [];
  await bus.subscribe<Noted>({
    topic,
    delivery: { group: 'g' },
    handler: async ({ events }) => void got.push(...events.map(({ data }) => data.n)),
  });
  await bus.publish([1, 2, 3].map((n) => noted(topic, 'a', n)));
  await database.transaction((tx) => bus.publishWith(tx, [noted(topic, 'a', 4)]));
  await eventually(() => got.length >= 4);
  expect(got).toEqual([1, 2, 3, 4]);
  expect(await eventually(async () => (await bus.health()).pending === 0)).toBe(true);
  await bus.close();
});
