import { pause, systemClock } from '@yixian/contracts';
import { testServer } from '@yixian/database/testing';
import type { Around } from '../bench.ts';
import type { Measured } from '../figures.ts';
import { quantile } from '../figures.ts';
import type { Options } from '../options.ts';
import { ourBus } from './our-bus.ts';
import { textbook } from './textbook.ts';
import type { Heard, Told, Way } from './told.ts';

const PARTITIONS = 4;
const EVERY_MS = 10;
const BEFORE_MS = 2000;
/** How long the partition is waited for. What has not come by then is written as this. */
const PATIENCE_MS = 10_000;

interface Run {
  /** Until the first message behind the poison was handled, in ms. */
  stalled: number;
  /** p99 of the other partitions, in ms: before the poison, and from it on. */
  before: number;
  after: number;
}

/** Messages to four partitions all the time, and one among them that nobody can take. */
export async function* benchPoison(options: Options, around: Around): AsyncIterable<Measured> {
  const server = await testServer();
  around.onEnd(() => server.remove());
  const kafka = options.kafka ? await around.startKafka({ brokers: 1 }) : undefined;
  if (kafka) around.onEnd(() => kafka.down());
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let run = 0; run < options.runs; run++) {
    ours.push(await poisoned((heard) => ourBus(server, kafka?.brokers, heard)));
    // It never gets over it, so once is enough.
    if (kafka && run === 0) theirs.push(await poisoned((heard) => textbook(kafka.brokers, heard)));
  }
  const on = kafka ? 'on Kafka' : 'on the log in PostgreSQL';
  const beside = (value: (run: Run) => number) =>
    kafka ? { baseline: { name: 'textbook Nest', values: theirs.map(value) } } : {};
  yield {
    name: `poison ${on}: its partition stands still`,
    unit: 'ms',
    values: ours.map(({ stalled }) => stalled),
    ...beside(({ stalled }) => stalled),
    target: { atMost: 1000 },
  };
  yield {
    name: `poison ${on}: p99 of the other partitions`,
    unit: 'ms',
    values: ours.map(({ after }) => after),
    baseline: { name: 'before the poison', values: ours.map(({ before }) => before) },
    target: { ratioAtMost: 2 },
  };
  if (kafka)
    yield {
      name: 'poison on Kafka: p99 of the other partitions, textbook Nest',
      unit: 'ms',
      values: theirs.map(({ after }) => after),
      baseline: { name: 'before the poison', values: theirs.map(({ before }) => before) },
    };
}

async function poisoned(open: (heard: Heard) => Promise<Way>): Promise<Run> {
  const now = (): number => systemClock.monotonic();
  const heard: (Told & { at: number })[] = [];
  const way = await open((told) => heard.push({ ...told, at: now() }));
  const said: Told[] = [];
  const say = (partition: number, poison = false): void => {
    const told = { partition, sent: now(), poison };
    if (!poison) said.push(told);
    void way.say(told).catch(() => {});
  };
  const sayToAll = (): void => Array.from({ length: PARTITIONS }, (_, n) => n).forEach((n) => say(n));
  for (const from = now(); now() - from < BEFORE_MS; await pause(systemClock, EVERY_MS)) sayToAll();
  const begin = now();
  say(0, true);
  const cameBack = () => heard.find(({ partition, sent }) => partition === 0 && sent > begin);
  for (; !cameBack() && now() - begin < PATIENCE_MS; await pause(systemClock, EVERY_MS)) sayToAll();
  await pause(systemClock, 500);
  const end = now();
  const arrived = new Map(heard.map(({ partition, sent, at }) => [`${partition} ${sent}`, at]));
  const waits = (from: number, to: number): number[] =>
    said
      .filter(({ partition, sent }) => partition > 0 && sent >= from && sent < to)
      .map(({ partition, sent }) => (arrived.get(`${partition} ${sent}`) ?? end) - sent);
  await way.end();
  return {
    stalled: (cameBack()?.at ?? begin + PATIENCE_MS) - begin,
    // The first second is for what has to be prepared once.
    before: quantile(waits(begin - BEFORE_MS / 2, begin), 0.99),
    after: quantile(waits(begin, end - 500), 0.99),
  };
}
