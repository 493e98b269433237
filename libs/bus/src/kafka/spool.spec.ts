import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { pause, systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import { sampleTopic } from '../../testing/sample-topics.ts';
import type { LogRecord } from '../log/append-records.ts';
import { busSchema } from '../log/bus-schema.ts';
import { LogTopics } from '../log/log-topics.ts';
import { Relay } from '../relay.ts';
import type { Pending } from './producer/produced-record.ts';
import { Spool } from './spool.ts';

jest.setTimeout(60_000);

const topic = sampleTopic({ partitions: 3 });
const log = pino({ level: 'silent' });
const place = { topic: topic.name, partition: 1 };
const KEY = 'a customer';

let database: Database;
/** What has reached Kafka, by whatever way, the first time each. */
let broker: number[];
/** How many events Kafka takes. */
let room: number;
/** How long it takes for each batch, in ms. */
let takes: number;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await freshDatabase({ parts: [busSchema] });
  await new LogTopics(database).ensure([topic]);
  [broker, room, takes] = [[], 0, 0];
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await database.close();
});

/** A spool with its relay, as one process has them. */
async function aProcess(): Promise<Spool> {
  const moveOn = async (records: LogRecord[]): Promise<void> => {
    await pause(systemClock, takes);
    for (const { value } of records) {
      if (broker.includes(Number(value))) continue;
      if (broker.length >= room) throw new Error('no broker');
      broker.push(Number(value));
    }
  };
  const relay = new Relay({
    database,
    clock: systemClock,
    log,
    topics: [topic],
    publish: moveOn,
  });
  const spool = new Spool({
    database,
    clock: systemClock,
    log,
    onCommitted: (appended, records) => relay.committed(appended, records),
    onReleased: (records) =>
      records.forEach(({ record, resolve }) => (broker.push(Number(record.value)), resolve())),
  });
  await relay.start();
  await spool.watch(topic.name);
  stops.push(async () => {
    await spool.close();
    await relay.stop();
  });
  return spool;
}

/** Takes the way through the spool; resolves once it is acknowledged. */
const add = (spool: Spool, n: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const record = { ...place, key: KEY, headers: { ce_specversion: '1.0' }, value: `${n}` };
    spool.add([{ record, since: 0, withdrawable: true, resolve, reject } as Pending]);
  });

/** Publishes as a process does that Kafka answers. */
async function publish(spool: Spool, n: number): Promise<void> {
  await spool.known();
  if (spool.takes(place)) await add(spool, n);
  else broker.push(n);
}

it('lets no event of another process overtake those it has acknowledged', async () => {
  const [here, there] = [await aProcess(), await aProcess()];
  let acknowledged = false;
  const first = add(here, 1).then(() => (acknowledged = true));
  // The other process is busy with other customers, so that what it knows is as old as it may ever be.
  while (!acknowledged) {
    await there.known();
    await new Promise(setImmediate);
  }
  await first;
  // The customer, whose first message is acknowledged, goes on there. Kafka is back by then.
  const second = publish(there, 2);
  room = Infinity;
  await second;
  await eventually(() => expect(broker).toEqual([1, 2]));
  await eventually(() => expect([here.takes(place), there.takes(place)]).toEqual([false, false]));
});

it('waits for what another process still spools after what it knew of was moved', async () => {
  const [here, there] = [await aProcess(), await aProcess()];
  await add(here, 1);
  await there.known();
  await add(here, 2);
  room = 1;
  await eventually(() => expect(broker).toEqual([1]));
  const third = publish(there, 3);
  room = Infinity;
  await third;
  await eventually(() => expect(broker).toEqual([1, 2, 3]));
});

it('goes past what went to Kafka’s other partitions', async () => {
  const [here, there] = [await aProcess(), await aProcess()];
  await add(here, 1);
  await there.known();
  expect([0, 1, 2].map((partition) => there.takes({ ...place, partition }))).toEqual([false, true, false]);
});

it('is left again by customers who go on writing, also when Kafka takes long for each batch', async () => {
  const spool = await aProcess();
  [room, takes] = [Infinity, 700];
  const written: Promise<void>[] = [add(spool, 0)];
  await eventually(() => {
    if (spool.takes(place)) written.push(publish(spool, written.length));
    expect(spool.takes(place)).toBe(false);
  }, 30_000);
  await Promise.all(written);
  expect(broker).toEqual(written.map((_, n) => n));
});
