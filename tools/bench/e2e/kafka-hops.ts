import { pause, systemClock } from '@yixian/contracts';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Consumer, Producer } from 'kafkajs';
import { obeying } from '../child.ts';
import { stampedText } from './stamp.ts';

/** What is asked of the two hops, and what they answer: ms from the first producer to the second consumer. */
export type Order = { do: 'connect'; brokers: string[] } | { do: 'rate'; perSecond: number; seconds: number };
export interface Answer {
  waits: number[];
}

const TOPICS = ['bench.hop.one.v1', 'bench.hop.two.v1'] as const;
const PARTITIONS = 12;
const KEYS = 50;
const PATIENCE_MS = 20_000;

let producer: Producer;
let consumers: Consumer[];
let missing = 0;
let waits: number[] = [];

/** The shortest way through Kafka that an inbox can take: to the one who stores, and from there to the sockets. */
async function connect(brokers: string[]): Promise<void> {
  const kafka = new Kafka({ brokers, clientId: 'hops', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = TOPICS.map((topic) => ({ topic, numPartitions: PARTITIONS }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
  producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const told = [
    (key: string, value: string): void => send(TOPICS[1], key, value),
    (_: string, value: string): void => {
      waits.push(systemClock.monotonic() - (JSON.parse(value) as { sent: number }).sent);
      missing -= 1;
    },
  ];
  consumers = await Promise.all(TOPICS.map((topic, hop) => reading(kafka, topic, told[hop]!)));
}

async function reading(
  kafka: Kafka,
  topic: string,
  tell: (key: string, value: string) => void,
): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 250, minBytes: 1 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()));
  await consumer.run({
    partitionsConsumedConcurrently: PARTITIONS,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) tell(key!.toString(), value!.toString());
    },
  });
  await joined;
  return consumer;
}

function send(topic: string, key: string, value: string): void {
  void producer.send({ topic, acks: -1, messages: [{ key, value }] }).catch(() => {});
}

async function write(perSecond: number, seconds: number): Promise<void> {
  waits = [];
  const all = perSecond * seconds;
  missing = all;
  const from = systemClock.monotonic();
  for (let sent = 0; sent < all; await pause(systemClock, 1)) {
    const due = Math.min(all, Math.ceil(((systemClock.monotonic() - from) / 1000) * perSecond));
    for (; sent < due; sent++) {
      const body = { text: stampedText(sent, 0), sent: systemClock.monotonic() };
      send(TOPICS[0], `k${sent % KEYS}`, JSON.stringify(body));
    }
  }
  const last = systemClock.monotonic() + PATIENCE_MS;
  while (missing > 0 && systemClock.monotonic() < last) await pause(systemClock, 5);
  if (missing > 0) throw new Error(`${missing} messages were lost between the hops.`);
}

obeying<Order, Answer>(async (order) => {
  if (order.do === 'connect') await connect(order.brokers);
  else await write(order.perSecond, order.seconds);
  return { waits };
});
process.once('disconnect', () => void Promise.all(consumers.map((one) => one.disconnect())));
