import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { type Database, openDatabase } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import { eventually, TestClock } from '@yixian/contracts/testing';
import { range, sampleTopic } from '../testing/sample-topics.ts';
import type { LogRecord } from './log/append-records.ts';
import { appendRecords } from './log/append-records.ts';
import { busSchema } from './log/bus-schema.ts';
import { LogTopics } from './log/log-topics.ts';
import type { RelayOptions } from './relay.ts';
import { Relay } from './relay.ts';

// Beside a busy broker a fresh database takes its time.
jest.setTimeout(60_000);

const topic = sampleTopic({ partitions: 3 });
const log = pino({ level: 'silent' });

/** A broker that can be away, and keeps what it got. */
class Broker {
  readonly records: LogRecord[] = [];
  away = false;
  refusals = 0;

  readonly publish = async (records: LogRecord[]): Promise<void> => {
    if (this.away) {
      this.refusals += 1;
      throw new Error('no broker');
    }
    this.records.push(...records);
  };

  of(key: string): number[] {
    return this.records
      .filter((record) => record.key === key)
      .map(({ value }) => (JSON.parse(value) as { n: number }).n);
  }
}

describe('Relay', () => {
  let database: Database;
  let broker: Broker;
  let stops: (() => Promise<void>)[];

  beforeEach(async () => {
    database = await freshDatabase({ parts: [busSchema] });
    await new LogTopics(database).ensure([topic]);
    broker = new Broker();
    stops = [() => database.close()];
  });
  afterEach(async () => {
    for (const stop of stops) await stop();
  });

  async function relay(on = database, means: Partial<RelayOptions> = {}): Promise<Relay> {
    const made = new Relay({
      database: on,
      clock: systemClock,
      log,
      topics: [topic],
      publish: broker.publish,
      ...means,
    });
    await made.start();
    stops.unshift(() => made.stop());
    return made;
  }

  const append = (from: number, to: number, keys = 5) =>
    appendRecords(
      database,
      range(from, to).map((n) => ({
        topic: topic.name,
        key: `k${n % keys}`,
        headers: { ce_specversion: '1.0' },
        value: `{"n":${n}}`,
      })),
    );

  it('moves everything in order per key, and keeps nothing of it', async () => {
    await append(1, 300);
    const moving = await relay();
    await append(301, 600);
    moving.wake();
    await eventually(() => expect(broker.records.length).toBe(600));
    for (const key of range(0, 4))
      expect(broker.of(`k${key}`)).toEqual(range(1, 600).filter((n) => n % 5 === key));
    await eventually(async () => expect(await moving.pending()).toEqual({ pending: 0, oldestPendingMs: 0 }));
    expect(await database.query('select 1 from bus.log')).toEqual([]);
  });

  it('waits while the broker is away, says how much waits, and loses nothing', async () => {
    broker.away = true;
    const moving = await relay();
    await append(1, 50);
    moving.wake();
    await eventually(() => broker.refusals >= 4);
    expect(await moving.pendingIn(topic.name)).toBe(50);
    expect((await moving.pending()).oldestPendingMs).toBeGreaterThan(0);
    broker.away = false;
    await eventually(() => expect(broker.records.length).toBe(50));
    for (const key of range(0, 4))
      expect(broker.of(`k${key}`)).toEqual(range(1, 50).filter((n) => n % 5 === key));
  });

  it('moves each record once when several processes relay, and goes on when one of them dies', async () => {
    const own = await openDatabase({
      url: database.url,
      dataDir: '',
      parts: [busSchema],
      clock: systemClock,
    });
    const dying = await relay(own);
    const staying = await relay();
    await append(1, 100);
    staying.wake();
    await eventually(() => expect(broker.records.length).toBe(100));
    await own.close();
    await append(101, 200);
    staying.wake();
    await eventually(() => expect(broker.records.length).toBe(200));
    for (const key of range(0, 4))
      expect(broker.of(`k${key}`)).toEqual(range(1, 200).filter((n) => n % 5 === key));
    await dying.stop();
  }, 30_000);

  it('begins a delivery again that hangs, and tells it that nobody waits', async () => {
    const clock = new TestClock();
    const hanging: AbortSignal[] = [];
    const publish: RelayOptions['publish'] = (records, signal) => {
      if (hanging.push(signal) > 3) return broker.publish(records);
      return new Promise(() => {});
    };
    await append(1, 50);
    await relay(database, { clock, publish });
    await eventually(() => expect(hanging.length).toBe(3));
    expect(hanging.map(({ aborted }) => aborted)).toEqual([false, false, false]);
    await eventually(() => {
      clock.advance(1000);
      expect(broker.records.length).toBe(50);
    });
    expect(hanging.slice(0, 3).map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  it('leaves to another process what hangs in one that lives', async () => {
    const clock = new TestClock();
    await append(1, 50);
    let hung = 0;
    const hang = (): Promise<void> => {
      hung += 1;
      return new Promise(() => {});
    };
    await relay(database, { clock, publish: hang });
    await eventually(() => expect(hung).toBe(3));
    await relay(database, { clock });
    await eventually(() => {
      clock.advance(1000);
      expect(broker.records.length).toBe(50);
    }, 30_000);
    for (const key of range(0, 4))
      expect(broker.of(`k${key}`)).toEqual(range(1, 50).filter((n) => n % 5 === key));
  }, 40_000);

  it('hands on what this process committed without reading it', async () => {
    const moving = await relay();
    const records = [{ topic: topic.name, key: 'a', headers: { ce_specversion: '1.0' }, value: '{"n":1}' }];
    moving.committed(await appendRecords(database, records), records);
    await eventually(() => expect(broker.records).toEqual(records));
  });
});
