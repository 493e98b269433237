import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Batch, BatchHandler, Bus } from '@yixian/bus';
import { newId, systemClock, timestamp } from '@yixian/contracts';
import type { AccountId, Address, ChannelName, OutboundCommand, SendMessage } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import type { Accounts } from '../accounts.ts';
import { channelMetrics } from '../channel-metrics.ts';
import { channelSchema } from '../channel-schema.ts';
import type { Channel } from '../channel.ts';
import { patience } from './retry-policy.ts';
import { Sender } from './sender.ts';

jest.setTimeout(60_000);

const channel = 'paper' as ChannelName;
const partition = 1;
let database: Database;
let sent: string[];
const senders: Sender[] = [];

beforeEach(async () => {
  database = await freshDatabase({ parts: [channelSchema] });
  sent = [];
});
afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.stop();
  await database.close();
});

/** A process: its sender, and the way on which the bus brings it batches. */
async function aProcess(): Promise<(batch: Batch<OutboundCommand>) => Promise<void>> {
  let handler: BatchHandler<OutboundCommand> | undefined;
  /** Only what a sender uses of a bus: a subscription, a cursor, and the outbox. */
  const bus = {
    subscribe: async (subscription: { handler: BatchHandler<OutboundCommand> }) => {
      handler = subscription.handler;
      return { ready: Promise.resolve(), stop: async () => undefined };
    },
    advance: async () => undefined,
    publishWith: async () => undefined,
  } as unknown as Bus;
  const sender = new Sender({
    channel: {
      about: { channel },
      send: async ({ text }: SendMessage) => (sent.push(text), { nativeId: text }),
    } as unknown as Channel,
    accounts: { get: () => ({}) } as unknown as Accounts,
    database,
    bus,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    metrics: channelMetrics(channel, undefined),
    // The lease is renewed every 12 s: until then nobody hears that another wants the lane.
    tuning: {
      concurrency: 4,
      sendTimeoutMs: 60_000,
      leaseMs: 60_000,
      drainMs: 1_000,
      maxWaiting: 100,
      retry: patience,
    },
    record: async () => undefined,
  });
  await sender.start();
  senders.push(sender);
  const signal = new AbortController().signal;
  return (batch) => handler!(batch, { signal, heartbeat: async () => undefined });
}

const batchOf = (offset: number, ...texts: string[]): Batch<OutboundCommand> => ({
  topic: 'outbound',
  partition,
  events: texts.map((text, at) => ({ offset: offset + at, key: 'ann', headers: {}, data: message(text) })),
  cursor: { group: 'g', topic: 'outbound', partition, from: offset, to: offset + texts.length },
});

const message = (text: string): SendMessage => ({
  kind: 'message.send',
  id: newId(),
  channel,
  account: 'main' as AccountId,
  address: 'ann' as Address,
  conversationId: newId(),
  author: { kind: 'agent' },
  text,
  attachments: [],
  payload: {},
  createdAt: timestamp(systemClock),
});

test('sends in order what came to another process while that one had no lane', async () => {
  const [holder, other] = [await aProcess(), await aProcess()];
  await holder(batchOf(0, 'first'));
  await other(batchOf(1, 'second'));
  await holder(batchOf(2, 'third'));
  await eventually(() => expect(sent).toContain('third'));
  expect(sent).toEqual(['first', 'second', 'third']);
});
