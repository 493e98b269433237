import { afterEach, expect, jest, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { openBus } from '@yixian/bus';
import { systemClock, topics } from '@yixian/contracts';
import { freshDatabase } from '@yixian/database/testing';
import { openMediaStore } from '@yixian/media';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Registry } from 'prom-client';
import { PaperChannel } from '../testing/paper/paper-channel.ts';
import { stageParts } from '../testing/stage.ts';
import { ChannelModule } from './channel.module.ts';
import { HostedChannel } from './hosted-channel.ts';

jest.setTimeout(60_000);
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function means() {
  const database = await freshDatabase({ parts: stageParts });
  closing.push(() => database.close());
  const folder = await mkdtemp(join(tmpdir(), 'yixian-module-'));
  closing.push(() => rm(folder, { recursive: true }));
  const [log, clock] = [pino({ level: 'silent' }), systemClock];
  const onCrash = (error: Error) => log.error(error);
  const bus = await openBus({
    database,
    clock,
    log,
    source: '/yixian/test',
    topics: Object.values(topics),
    onCrash,
  });
  closing.push(() => bus.close());
  const secret = { key: () => Buffer.alloc(32) };
  return {
    database,
    bus,
    clock,
    log,
    secret,
    media: await openMediaStore({ folder }),
    metrics: new Registry(),
  };
}

@Module({ providers: [PaperChannel], exports: [PaperChannel] })
class PaperModule {}

test('runs a channel that Nest made, from start to stop, and counts', async () => {
  const context = await means();
  const module = await Test.createTestingModule({
    imports: [ChannelModule.for({ channel: PaperChannel, imports: [PaperModule] }, context)],
  }).compile();
  await module.init();
  const hosted = module.get(HostedChannel, { strict: false });
  expect(module.get(PaperChannel, { strict: false }).port).toBeGreaterThan(0);
  expect(await hosted.health()).toEqual({ ok: true, accounts: 0, waiting: 0, quarantined: 0 });
  expect(await context.metrics.metrics()).toContain('yixian_channel_received_total');
  await module.close();
  const lanes = await context.database.query('select from channel.lane where owner is not null');
  expect(lanes).toEqual([]);
});

test('runs a channel object, and two channels in one application', async () => {
  const context = await means();
  const second = new PaperChannel();
  Object.assign(second.about, { channel: 'card' });
  const module = await Test.createTestingModule({
    imports: [
      ChannelModule.for({ channel: new PaperChannel() }, context),
      ChannelModule.for({ channel: second }, context),
    ],
  }).compile();
  await module.init();
  const lanes = await context.database.query<{ channel: string; held: number }>(
    'select channel, count(owner)::int as held from channel.lane group by 1 order by 1',
  );
  expect(lanes).toEqual([
    { channel: 'card', held: 6 },
    { channel: 'paper', held: 6 },
  ]);
  await module.close();
});
