import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Module } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { systemClock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import { from } from 'rxjs';
import { eventually } from '@yixian/contracts/testing';
import type { Noted } from '../../testing/sample-topics.ts';
import { noted, range, Received, sampleTopic, series, sorted } from '../../testing/sample-topics.ts';
import type { Batch, BatchContext } from '../bus.ts';
import { busSchema } from '../log/bus-schema.ts';
import { PostgresBus } from '../postgres.bus.ts';
import type { EventOptions } from './bus-server.ts';
import { BusServer } from './bus-server.ts';
import { connectBus } from './connect-bus.ts';

const topic = sampleTopic({ name: 'nest.one', partitions: 1 });
const flaky = sampleTopic({ name: 'nest.flaky', partitions: 1 });

class Passing extends Error {
  readonly retryable = true;
}

let first = new Received();
let second = new Received();
let third = new Received();
let tries = 0;

@Controller()
class Consumer {
  @EventPattern<string>(topic.name, { group: 'first', maxBatch: 10 } satisfies EventOptions)
  async first(@Payload() batch: Batch<Noted>, @Ctx() context: BatchContext): Promise<void> {
    if (!context.signal.aborted) await first.handler(batch, context);
  }

  @EventPattern<string>(topic.name, { delivery: 'every' } satisfies EventOptions)
  second(@Payload() batch: Batch<Noted>, @Ctx() context: BatchContext) {
    return from(second.handler(batch, context));
  }

  @EventPattern<string>(topic.name, { delivery: 'every' } satisfies EventOptions)
  async third(@Payload() batch: Batch<Noted>, @Ctx() context: BatchContext): Promise<void> {
    await third.handler(batch, context);
  }

  @EventPattern<string>(flaky.name, { group: 'flaky' } satisfies EventOptions)
  async flaky(): Promise<void> {
    tries += 1;
    if (tries < 6) throw new Passing('away');
    if (tries === 6) throw new TypeError('broken');
  }
}

@Module({ controllers: [Consumer] })
class ConsumerModule {}

describe('BusServer', () => {
  let database: Database;
  let bus: PostgresBus;
  let app: INestApplication;

  beforeAll(async () => {
    database = await freshDatabase({ parts: [busSchema] });
    const log = pino({ level: 'silent' });
    bus = await PostgresBus.open({
      database,
      clock: systemClock,
      log,
      source: '/yixian/test',
      topics: [topic, flaky],
    });
    const module = await Test.createTestingModule({ imports: [ConsumerModule] }).compile();
    app = module.createNestApplication({ logger: false });
    connectBus(app, { bus, topics: [topic, flaky] });
    await app.init();
    await app.startAllMicroservices();
  });

  afterAll(async () => {
    await app.close();
    await bus.close();
    await database.close();
  });

  beforeEach(() => {
    [first, second, third] = [new Received(), new Received(), new Received()];
    tries = 0;
  });

  it('gives each handler of a topic the batches of its own subscription', async () => {
    await bus.publish(series(topic, 1, 25));
    await eventually(() => expect(sorted(first.numbers)).toEqual(range(1, 25)));
    await eventually(() => expect(second.numbers).toEqual(range(1, 25)));
    await eventually(() => expect(third.numbers).toEqual(range(1, 25)));
    expect(first.batches.every(({ events }) => events.length <= 10)).toBe(true);
    expect(first.batches[0]!.cursor).toMatchObject({ group: 'first', topic: topic.name });
  });

  it('lets the bus see the error that was thrown', async () => {
    await bus.publish([noted(flaky, 'a', 1)]);
    await eventually(() => tries === 7);
    expect((await bus.deadLetters.list(null, 10)).letters).toEqual([]);
  });

  it('refuses handlers that could never be called', () => {
    const server = new BusServer({ bus, topics: [topic] });
    const handler = async () => undefined;
    expect(() => server.addHandler('unknown', handler, true, { group: 'g' })).toThrow('does not exist');
    expect(() => server.addHandler(topic.name, handler, true)).toThrow('needs a group or a delivery');
    expect(() => server.addHandler(topic.name, handler, false, { group: 'g' })).toThrow('@EventPattern');
  });
});
