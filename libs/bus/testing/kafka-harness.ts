import { systemClock, type TopicSpec } from '@yixian/contracts';
import { type Database, openDatabase } from '@yixian/database';
import { freshDatabase, testServer } from '@yixian/database/testing';
import pino from 'pino';
import { kafkaClient } from '../src/kafka/client.ts';
import { KafkaBus } from '../src/kafka/kafka.bus.ts';
import { busSchema } from '../src/log/bus-schema.ts';
import type { OpenedBus } from '../src/open-bus.ts';
import type { BusHarness, OpenHarness } from './bus-harness.ts';
import { kafkaCluster } from './kafka.ts';

const parts = [busSchema];
const log = pino({ level: 'silent' });

/**
 * On a busy machine a sound broker may be slower than the bus has patience for, and then events are rightly there
 * twice. Cases that count expect a Kafka that answers; those of an outage keep the patience of production.
 */
const patient = { patienceMs: 60_000, requestTimeoutMs: 30_000 };

/** One real broker beside PostgreSQL. Each member has connections of its own to both. */
export const openKafkaHarness: OpenHarness = async (needs) => {
  const server = needs?.outage ? await testServer() : undefined;
  const [kafka, database] = await Promise.all([
    kafkaCluster(),
    server ? server.database({ parts }) : freshDatabase({ parts }),
  ]);
  const { brokers } = kafka;
  const members = new Map<OpenedBus, Database>();
  const harness: BusHarness = {
    database,
    connect: (poolSize) =>
      openDatabase({ url: database.url, dataDir: '', parts, clock: systemClock, poolSize }),
    async bus(topics, connections) {
      const own = connections ?? (await harness.connect(5));
      const bus = await KafkaBus.open({
        brokers,
        database: own,
        clock: systemClock,
        log,
        source: '/yixian/test',
        topics,
        ...(needs?.outage ? {} : patient),
        onCrash: (error) => {
          throw error;
        },
      });
      members.set(bus, own);
      return bus;
    },
    put: (topic, key, value) => put(brokers, topic, key, value),
    ...(server && {
      async outage() {
        await Promise.all([server.kill(), kafka.kill(1)]);
        return {
          async end() {
            await Promise.all([server.start(), kafka.start(1)]);
          },
        };
      },
    }),
    async close() {
      for (const [bus, own] of members) await bus.close().finally(() => own.close());
      await Promise.all([server ? server.remove() : database.close(), kafka.down()]);
    },
  };
  return harness;
};

async function put(brokers: string[], topic: TopicSpec, key: string, value: string | null): Promise<void> {
  const producer = kafkaClient({ brokers, clientId: 'somebody-else', log, retries: 5 }).producer();
  await producer.connect();
  await producer.send({ topic: topic.name, messages: [{ key, value }] });
  await producer.disconnect();
}
