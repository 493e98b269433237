import { join } from 'node:path';
import { systemClock } from '@yixian/contracts';
import { openDatabase } from '@yixian/database';
import { StandaloneApp } from '../app.ts';
import type { Around } from '../bench.ts';
import { Child } from '../child.ts';
import type { Measured, Target } from '../figures.ts';
import { quantile } from '../figures.ts';
import type { Options } from '../options.ts';
import { watchTime } from '../processor-time.ts';
import { measureFloors } from './floors.ts';
import type { Floors } from './floors.ts';
import type { Answer as HopsAnswer, Order as HopsOrder } from './kafka-hops.ts';
import { LoadProcess } from './load-process.ts';
import type { Answer, Order } from './orders.ts';

const VISITORS = 50;
const SECONDS = 4;

/** How hard: messages per second, or as fast as they are seen. */
const paces = ['200/s', '1,000/s', 'flat out'] as const;
type Pace = (typeof paces)[number];

const orders: Record<Pace, Order> = {
  '200/s': { do: 'rate', perSecond: 200, seconds: SECONDS },
  '1,000/s': { do: 'rate', perSecond: 1000, seconds: SECONDS },
  'flat out': { do: 'flatOut', seconds: SECONDS },
};

type Hops = Child<HopsOrder, HopsAnswer>;

interface Run {
  answer: Answer;
  /** What two hops of raw kafkajs took at the same rate, in ms. */
  hops: number[];
  /** µs of processor time per message. */
  node: number;
  postgres: number;
}

/** A visitor's socket → stored → an agent's socket, in the product as it is shipped. */
export async function* benchE2e(options: Options, around: Around): AsyncIterable<Measured> {
  const kafka = options.kafka ? await around.startKafka({ brokers: 1 }) : undefined;
  if (kafka) around.onEnd(() => kafka.down());
  const folder = join(around.folder, 'e2e');
  const { profile } = options;
  const settings: Record<string, string> = kafka ? { KAFKA_BROKERS: kafka.brokers.join() } : {};
  const app = await StandaloneApp.start({ apps: around.buildApps(), folder, settings, profile });
  around.onEnd(() => app.stop());
  const database = await openDatabase({ dataDir: folder, parts: [], clock: systemClock });
  around.onEnd(() => database.close());
  const hops = kafka && (await hopsOf(kafka.brokers, around));
  const load = new LoadProcess(await around.bundle('e2e/load'));
  around.onEnd(() => load.end());
  await load.obey({ do: 'connect', port: app.port, token: await app.newToken(), visitors: VISITORS });
  await load.obey({ do: 'flatOut', seconds: SECONDS });
  const runs = new Map<Pace, Run[]>(paces.map((pace) => [pace, []]));
  const floors: Floors[] = [];
  for (let round = 0; round < options.runs; round++) {
    floors.push(await measureFloors(database.url));
    for (const pace of paces) runs.get(pace)!.push(await measured(app, load, hops, orders[pace]));
  }
  for (const pace of paces) {
    if (kafka) yield* figuresOnKafka(pace, runs.get(pace)!);
    else yield* figures(pace, runs.get(pace)!, floors);
  }
}

async function hopsOf(brokers: string[], around: Around): Promise<Hops> {
  const hops: Hops = new Child(await around.bundle('e2e/kafka-hops'));
  around.onEnd(() => hops.end());
  await hops.obey({ do: 'connect', brokers });
  await hops.obey({ do: 'rate', perSecond: 200, seconds: 2 });
  return hops;
}

async function measured(
  app: StandaloneApp,
  load: LoadProcess,
  hops: Hops | undefined,
  order: Order,
): Promise<Run> {
  const used = watchTime(app.pid, app.postgresPid);
  const answer = await load.obey(order);
  const [node, postgres] = used();
  if (answer.lost > 0) throw new Error(`${answer.lost} messages were never seen (${inWords(answer)}).`);
  const amount = answer.seen;
  const raw = hops && order.do === 'rate' ? await hops.obey(order) : { waits: [] };
  return { answer, hops: raw.waits, node: node! / amount, postgres: postgres! / amount };
}

const inWords = ({ seen, acknowledged, behind }: Answer): string =>
  `${seen} were; ${acknowledged.length} were acknowledged; the agent had to begin anew ${behind} times`;

const begunAnew = (runs: Run[]): Pick<Measured, 'unit' | 'values'> => ({
  unit: 'times',
  values: runs.map(({ answer }) => answer.behind),
});

function* figuresOnKafka(pace: Pace, runs: Run[]): Iterable<Measured> {
  const name = (what: string): string => `e2e on Kafka, ${pace}: ${what}`;
  yield {
    name: name('processor time, Node and PostgreSQL'),
    unit: 'µs/message',
    values: runs.map(({ node, postgres }) => node + postgres),
  };
  const acknowledged = runs.map(({ answer }) => quantile(answer.acknowledged, 0.5));
  yield { name: name('p50 until acknowledged'), unit: 'ms', values: acknowledged };
  yield { name: name('the agent was too slow and began anew'), ...begunAnew(runs) };
  for (const [what, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const values = runs.map(({ answer }) => quantile(answer.waits, share));
    if (pace === 'flat out') yield { name: name(what), unit: 'ms', values };
    else {
      const raw = runs.map(({ hops }) => quantile(hops, share));
      const baseline = { name: 'two hops of raw kafkajs', values: raw };
      yield { name: name(what), unit: 'ms', values, baseline, target: { ratioAtMost: 1.5 } };
    }
  }
  if (pace !== 'flat out') return;
  const rates = runs.map(({ answer }) => answer.seen / answer.seconds);
  yield { name: name('messages per second'), unit: '/s', values: rates };
}

const limits: Record<Pace, Partial<Record<'p50' | 'p99' | 'rate', Target>>> = {
  '200/s': { p50: { atMost: 1.9 }, p99: { atMost: 4 } },
  '1,000/s': { p99: { atMost: 25 } },
  'flat out': { rate: { atLeast: 8000 } },
};

function* figures(pace: Pace, runs: Run[], floors: Floors[]): Iterable<Measured> {
  const name = (what: string): string => `e2e ${pace}: ${what}`;
  const waits = (share: number): number[] => runs.map(({ answer }) => quantile(answer.waits, share));
  const commit = (share: number) => ({
    name: 'one committed insert',
    values: floors.map((floor) => quantile(floor.commit, share)),
  });
  const { p50, p99, rate } = limits[pace];
  const µs = 'µs/message';
  yield {
    name: name('processor time, Node and PostgreSQL'),
    unit: µs,
    values: runs.map(({ node, postgres }) => node + postgres),
  };
  yield { name: name('processor time, Node'), unit: µs, values: runs.map((run) => run.node) };
  yield { name: name('processor time, PostgreSQL'), unit: µs, values: runs.map((run) => run.postgres) };
  yield {
    name: name('p50'),
    unit: 'ms',
    values: waits(0.5),
    baseline: commit(0.5),
    ...(p50 && { target: p50 }),
  };
  yield {
    name: name('p50 against select 1'),
    unit: 'ms',
    values: waits(0.5),
    baseline: { name: 'select 1', values: floors.map(({ select }) => quantile(select, 0.5)) },
  };
  const acknowledged = runs.map(({ answer }) => quantile(answer.acknowledged, 0.5));
  yield { name: name('p50 until acknowledged'), unit: 'ms', values: acknowledged, baseline: commit(0.5) };
  yield {
    name: name('p99'),
    unit: 'ms',
    values: waits(0.99),
    baseline: commit(0.99),
    ...(p99 && { target: p99 }),
  };
  yield { name: name('the agent was too slow and began anew'), ...begunAnew(runs) };
  if (pace !== 'flat out') return;
  yield {
    name: name('messages per second'),
    unit: '/s',
    values: runs.map(({ answer }) => answer.seen / answer.seconds),
    ...(rate && { target: rate }),
  };
}
