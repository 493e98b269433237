import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
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
/** What has reached Kafka, by whatever way. */
let broker: number[];
let away: boolean;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await freshDatabase({ parts: [busSchema] });
  await new LogTopics(database).ensure([topic]);
  [broker, away] = [[], true];
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await database.close();
});

/** A spool with its relay, as one process has them. */
async function aProcess(): Promise<Spool> {
  const publish = async (records: LogRecord[]): Promise<void> => {
    if (away) throw new Error('no broker');
    broker.push(...records.map(({ value }) => Number(value)));
  };
  const relay = new Relay({
    database,
    clock: systemClock,
    log,
    topics: [topic],
    publish,
    onSpooled: () => void spool.resume(topic.name, topic.partitions),
  });
  const spool = new Spool({
    database,
    clock: systemClock,
    log,
    onCommitted: (appended, records) => relay.committed(appended, records),
    onOpened: () => relay.spooled(),
    onReleased: (records) =>
      records.forEach(({ record, resolve }) => (broker.push(Number(record.value)), resolve())),
  });
  await relay.start();
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

it('lets no event of another process overtake those it has acknowledged', async () => {
  const [here, there] = [await aProcess(), await aProcess()];
  await eventually(() => add(here, 1));
  // The customer, whose first message is acknowledged, goes on in another process. Kafka is back by then.
  await eventually(() => expect(there.takes(place)).toBe(true));
  away = false;
  if (there.takes(place)) await add(there, 2);
  else broker.push(2);
  await eventually(() => expect(broker).toEqual([1, 2]));
  await eventually(() => expect([here.takes(place), there.takes(place)]).toEqual([false, false]));
});
