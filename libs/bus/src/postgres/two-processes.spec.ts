import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import { eventually } from '@yixian/contracts/testing';
import { noted, Received, sampleTopic } from '../../testing/sample-topics.ts';
import { busSchema } from '../log/bus-schema.ts';
import { PostgresBus } from '../postgres.bus.ts';

describe('two processes on one database', () => {
  const topic = sampleTopic();
  const log = pino({ level: 'silent' });
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase({ parts: [busSchema] });
  });
  afterAll(() => database.close());

  it('wake each other without a poll', async () => {
    const options = { database, log, source: '/yixian/test', topics: [topic] };
    const writing = await PostgresBus.open({ ...options, clock: systemClock });
    // Its time stands still, so it never polls: what it gets, it was told of.
    const reading = await PostgresBus.open({ ...options, clock: new TestClock() });
    const received = new Received();
    const { ready } = await reading.subscribe({ topic, delivery: 'every', handler: received.handler });
    await ready;
    await eventually(async () => {
      await writing.publish([noted(topic, 'a', 1)]);
      expect(received.numbers.length).toBeGreaterThan(0);
    });
    await reading.close();
    await writing.close();
  });
});
