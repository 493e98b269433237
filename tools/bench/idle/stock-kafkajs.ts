import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { obeying } from '../child.ts';

const TOPIC = 'bench.idle.v1';

/** A producer and a consumer of one topic, as kafkajs comes. */
obeying<{ brokers: string[] }, { ready: true }>(async ({ brokers }) => {
  const kafka = new Kafka({ brokers, clientId: 'stock', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 12 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const consumer = kafka.consumer({ groupId: 'stock' });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()));
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  // A connection to every broker, as any process has that publishes.
  const messages = Array.from({ length: 36 }, (_, n) => ({ key: `k${n}`, value: '{}' }));
  await producer.send({ topic: TOPIC, messages });
  return { ready: true };
});
