import { join } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import { testServer } from '@yixian/database/testing';
import { StandaloneApp } from '../app.ts';
import type { Around } from '../bench.ts';
import { Child } from '../child.ts';
import type { Measured } from '../figures.ts';
import type { Options } from '../options.ts';
import { watchTime } from '../processor-time.ts';

/** Until what a start brings about is over. */
const SETTLE_MS = 10_000;
const WATCH_MS = 15_000;

const services = ['conversation-hub', 'chat-widget'] as const;

/** What a service uses of a core that has nothing to do, with three brokers. */
export async function* benchIdle(options: Options, around: Around): AsyncIterable<Measured> {
  const kafka = await around.startKafka({ brokers: 3 });
  around.onEnd(() => kafka.down());
  const server = await testServer();
  around.onEnd(() => server.remove());
  const apps = around.buildApps();
  const settings = {
    DATABASE_URL: server.url(),
    KAFKA_BROKERS: kafka.brokers.join(),
    YIXIAN_SECRET: 'a secret of the bench that nobody else has',
  };
  const running: StandaloneApp[] = [];
  for (const name of services) {
    const folder = join(around.folder, name);
    const app = await StandaloneApp.start({
      apps,
      folder,
      main: `${name}/main.js`,
      settings,
      profile: options.profile,
    });
    around.onEnd(() => app.stop());
    running.push(app);
  }
  const stock = new Child<{ brokers: string[] }, { ready: true }>(await around.bundle('idle/stock-kafkajs'));
  around.onEnd(() => stock.end());
  await stock.obey({ brokers: kafka.brokers });
  await pause(systemClock, SETTLE_MS);
  const runs: number[][] = [];
  for (let run = 0; run < options.runs; run++) {
    const used = watchTime(...running.map(({ pid }) => pid), stock.pid, server.pid);
    await pause(systemClock, WATCH_MS);
    runs.push(used().map((µs) => µs / (WATCH_MS * 10)));
  }
  const column = (index: number): number[] => runs.map((run) => run[index]!);
  const baseline = { name: 'stock kafkajs, a producer and a consumer', values: column(services.length) };
  for (const [index, name] of services.entries())
    yield {
      name: `idle: ${name}`,
      unit: '% of a core',
      values: column(index),
      baseline,
      target: { atMost: 1 },
    };
  yield { name: 'idle: PostgreSQL, for both', unit: '% of a core', values: column(services.length + 1) };
}
