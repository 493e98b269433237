import { jest } from '@jest/globals';
import { pause, systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { pino } from 'pino';
import { KafkaLoad } from '../../testing/kafka-load.ts';
import { type KafkaCluster, kafkaCluster } from '../../testing/kafka.ts';
import { noted, type Noted, sampleTopic } from '../../testing/sample-topics.ts';
import { busSchema } from '../log/bus-schema.ts';
import { KafkaBus } from './kafka.bus.ts';
import { SpoolTable } from './spool-table.ts';
import { createTopics } from './topics.ts';

const FROZEN_MS = 45_000;
const OUTAGE_MS = 120_000;
jest.setTimeout(2 * OUTAGE_MS + FROZEN_MS);

/** Enough that each partition has some. */
const KEYS = 96;
const PER_SECOND = 100;
const BROKERS = [1, 2, 3];
const log = pino({ level: process.env.BUS_LOG ?? 'silent' });
const topic = sampleTopic({ partitions: 12 });

let kafka: KafkaCluster;
let database: Database;
let bus: KafkaBus;
let load: KafkaLoad;

beforeAll(async () => {
  [kafka, database] = await Promise.all([kafkaCluster(3), freshDatabase({ parts: [busSchema] })]);
  await createTopics({ brokers: kafka.brokers, topics: [topic], log });
  bus = await KafkaBus.open({
    brokers: kafka.brokers,
    database,
    clock: systemClock,
    log,
    source: '/test',
    topics: [topic],
    onCrash: (error) => {
      throw error;
    },
  });
  load = new KafkaLoad((n) => bus.publish([noted(topic, `key-${n % KEYS}`, n)]), KEYS);
  const { ready } = await bus.subscribe<Noted>({
    topic,
    delivery: { group: 'reader' },
    handler: async ({ events }) => events.forEach(({ data }) => load.receive(data.n)),
  });
  await ready;
  load.start(PER_SECOND);
  await whole();
});

afterAll(async () => {
  await load?.stop();
  await bus?.close();
  await Promise.all([kafka?.down(), database?.close()]);
});

/** Resolves once all that was sent until now is acknowledged and was received, to what went wrong with it. */
async function whole() {
  const until = load.sent;
  await eventually(() => load.sent > until && load.acknowledgedUpTo >= until, 60_000);
  await eventually(() => load.lost.every((n) => n > until), 60_000);
  return { overtaken: load.overtaken, refused: load.refused };
}

const right = { overtaken: [], refused: [] };

/** The ms until of each key something was received that was sent from now on. */
async function resumption(): Promise<number> {
  const from = systemClock.monotonic();
  const first = load.sent;
  const already = load.received.length;
  await eventually(() => {
    const since = load.received.slice(already).filter((n) => n >= first);
    return new Set(since.map((n) => n % KEYS)).size === KEYS;
  }, FROZEN_MS);
  return systemClock.monotonic() - from;
}

const tell = (fault: string, ms: number): void =>
  console.info(
    `${fault}: delivery resumed on every partition after ${(ms / 1000).toFixed(1)} s (target 15 s).`,
  );

// That it goes on although the broker is still away is the mechanism: no time of the machine's is asserted.
it('goes on while a broker is frozen for 45 s', async () => {
  const from = systemClock.monotonic();
  await kafka.freeze(2);
  tell('One of three brokers frozen', await resumption());
  expect(await whole()).toEqual(right);
  await pause(systemClock, from + FROZEN_MS - systemClock.monotonic());
  await kafka.thaw(2);
  expect(await whole()).toEqual(right);
});

it('goes on while a broker is dead', async () => {
  await kafka.kill(3);
  tell('One of three brokers killed', await resumption());
  expect(await whole()).toEqual(right);
  await kafka.start(3);
  expect(await whole()).toEqual(right);
});

it('acknowledges through two minutes without any broker, and brings all of it in order after', async () => {
  await Promise.all(BROKERS.map((broker) => kafka.kill(broker)));
  const first = load.sent;
  const received = load.received.length;
  await pause(systemClock, OUTAGE_MS);
  // Kafka cannot have taken these.
  const acknowledged = load.acknowledgedUpTo - first;
  expect(acknowledged).toBeGreaterThan(0);
  expect(load.received.slice(received).filter((n) => n >= first)).toEqual([]);
  await Promise.all(BROKERS.map((broker) => kafka.start(broker)));
  tell(
    `No broker for ${OUTAGE_MS / 1000} s, ${acknowledged} acknowledged meanwhile, then all back`,
    await resumption(),
  );
  expect(await whole()).toEqual(right);
  // Customers go on writing, and what they write goes to Kafka directly again.
  await eventually(async () => expect(await new SpoolTable(database).left([topic.name])).toEqual([]), 60_000);
  await load.stop();
  await eventually(async () => expect(await bus.health()).toMatchObject({ ok: true, pending: 0 }), 60_000);
});
