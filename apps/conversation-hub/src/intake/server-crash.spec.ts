import { jest } from '@jest/globals';
import type { OpenedBus } from '@yixian/bus';
import { busSchema, PostgresBus } from '@yixian/bus';
import type { EntryId, InboundEvent, MessageReceived } from '@yixian/contracts';
import { customerKey, outboundTopic, systemClock, topics } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import type { TestServer } from '@yixian/database/testing';
import { testServer } from '@yixian/database/testing';
import pino from 'pino';
import { aMessage, chat } from '../../testing/record.ts';
import { hubSchema } from '../hub-schema.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import { Intake } from './intake.ts';

jest.setTimeout(180_000);

const CRASHES = 4;
const CUSTOMERS = 7;

let server: TestServer;
let database: Database;
let bus: OpenedBus;
beforeAll(async () => {
  // What was committed without waiting stays in memory for as long as that is possible: a crash takes it back for sure.
  server = await testServer({ settings: { wal_writer_delay: '10000ms', wal_writer_flush_after: '1GB' } });
  database = await server.database({ parts: [busSchema, hubSchema] });
  bus = await PostgresBus.open({
    database,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    source: '/yixian/test',
    topics: [...Object.values(topics), outboundTopic(chat)],
  });
});
afterAll(async () => {
  await bus?.close();
  await server?.remove();
});

async function count(): Promise<number> {
  const [row] = await database.query<{ n: number }>('select count(*) as n from hub.entry');
  return row!.n;
}

/** Publishes until it is acknowledged, as a channel does. */
async function publish(message: MessageReceived): Promise<void> {
  const event = { topic: topics.inbound, key: customerKey(message), data: message };
  await eventually(() => bus.publish([event]).then(() => true), 60_000);
}

it('kill -9 of PostgreSQL takes back what was not on disk, and every acknowledged message is stored once all the same', async () => {
  const intake = new Intake(bus, systemClock);
  const subscribed = await bus.subscribe<InboundEvent>({
    topic: topics.inbound,
    delivery: { group: 'hub' },
    cursor: 'handler',
    handler: (batch) => intake.take(batch),
  });
  const messages: MessageReceived[] = [];
  let takenBack = 0;
  for (let crash = 0; crash < CRASHES; crash++) {
    const more = Array.from({ length: 40 }, (_, n) => aMessage({ address: `customer-${n % CUSTOMERS}` }));
    messages.push(...more);
    for (const message of more) await publish(message);
    await eventually(async () => expect(await count()).toBe(messages.length), 60_000);
    await server.kill();
    await server.start();
    takenBack += messages.length - (await eventually(count, 60_000));
  }
  await eventually(async () => expect(await count()).toBe(messages.length), 60_000);
  await subscribed.stop();

  // Else nothing was tried here: every crash found all of it on disk.
  expect(takenBack).toBeGreaterThan(0);
  const rows = await database.query<{ id: EntryId; address: string; seq: number }>(
    `select e.id, c.address, e.seq from hub.entry e join hub.conversation c on c.id = e.conversation_id
     order by c.address, e.seq`,
  );
  for (let n = 0; n < CUSTOMERS; n++) {
    const own = rows.filter(({ address }) => address === `customer-${n}`);
    const sent = messages.filter(({ address }) => address === `customer-${n}`);
    expect(own.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
    expect(own.map(({ seq }) => seq)).toEqual(sent.map((_, index) => index + 1));
  }
  expect(await database.query('select error from bus.dead_letter')).toEqual([]);
  expect((await rebuild(database, systemClock)).equal).toBe(true);
});
