import { jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { pino } from 'pino';
import { z } from 'zod';
import { type KafkaCluster, kafkaCluster } from '../../../testing/kafka.ts';
import { kafkaClient } from '../client.ts';
import { createTopics } from '../topics.ts';
import { KafkaProducer } from './kafka-producer.ts';
import type { Pending } from './produced-record.ts';

jest.setTimeout(60_000);

const log = pino({ level: 'silent' });
const topic = {
  name: 'producer-test',
  partitions: 3,
  cleanup: 'delete' as const,
  retentionMs: -1,
  key: 'any',
  schema: z.object({ kind: z.string() }),
};
let kafka: KafkaCluster;

beforeAll(async () => {
  kafka = await kafkaCluster();
  await createTopics({ brokers: kafka.brokers, topics: [topic], log });
});
afterAll(() => kafka?.down());

type OnOverdue = (topic: string, partition: number, overdue: Pending[]) => void;

/** With `onOverdue`, as impatient as production or more; without, one that waits for a busy broker. */
function producer(onOverdue?: OnOverdue) {
  return new KafkaProducer({
    newClient: () => kafkaClient({ brokers: kafka.brokers, clientId: 'test', log }),
    clock: systemClock,
    log,
    requestTimeoutMs: onOverdue ? 3000 : 30_000,
    patienceMs: onOverdue ? 500 : Infinity,
    onOverdue: onOverdue ?? (() => {}),
  });
}

const record = (partition: number, value: string) => ({
  topic: topic.name,
  partition,
  key: 'k',
  headers: {},
  value,
});

/** The values of one partition, as they lie in the log. */
async function stored(partition: number): Promise<string[]> {
  const client = kafkaClient({ brokers: kafka.brokers, clientId: 'test', log, retries: 3 });
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic.name);
  await admin.disconnect();
  const end = Number(ends.find((one) => one.partition === partition)!.high);
  const values: string[] = [];
  // A broker that has just begun is still loading what it knows of groups.
  const retry = { retries: 3, restartOnFailure: async () => true };
  const consumer = client.consumer({ groupId: `read-${Math.random()}`, maxWaitTimeInMs: 50, retry });
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  await new Promise<void>((resolve) => {
    const done = () => values.length >= end && resolve();
    done();
    void consumer.run({
      eachMessage: async (message) => {
        if (message.partition === partition) values.push(String(message.message.value));
        done();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

test('what is acknowledged is stored, in order', async () => {
  const sender = producer();
  const values = Array.from({ length: 2500 }, (_, i) => String(i));
  await Promise.all(values.map((value) => sender.send([record(0, value)], { withdrawable: true })));
  expect(sender.waiting()).toEqual({ count: 0, oldestSince: undefined });
  await sender.close();
  expect(await stored(0)).toEqual(values);
});

test('what waits too long is handed over once, in order, and is not sent later', async () => {
  const overdue: string[] = [];
  const sender = producer((_, __, late) => {
    for (const pending of late) {
      overdue.push(pending.record.value);
      pending.resolve();
    }
  });
  await sender.send([record(1, 'before')], { withdrawable: true });
  await kafka.kill(1);
  const direct = ['a', 'b', 'c'].map((value) => sender.send([record(1, value)], { withdrawable: true }));
  const relayed = sender.send([record(1, 'relayed')], { withdrawable: false });
  await Promise.all(direct);
  expect(overdue).toEqual(['a', 'b', 'c']);
  await kafka.start(1);
  await relayed;
  await sender.send([record(1, 'after')], { withdrawable: true });
  await sender.close();
  expect(await stored(1)).toEqual(['before', 'relayed', 'after']);
});

test('a closed producer refuses, and rejects what it still had', async () => {
  const sender = producer();
  const lost = sender.send([{ ...record(0, 'x'), topic: 'nowhere' }], { withdrawable: false });
  lost.catch(() => undefined);
  await sender.close();
  await expect(lost).rejects.toMatchObject({ code: 'bus_unavailable', retryable: true });
  await expect(sender.send([record(0, 'y')], { withdrawable: true })).rejects.toThrow('closed');
});
