import { systemClock } from '@yixian/contracts';
import { testServer } from '@yixian/database/testing';
import type { Around } from '../bench.ts';
import type { Measured } from '../figures.ts';
import type { Options } from '../options.ts';
import { watchTime } from '../processor-time.ts';
import { profiled } from '../profile.ts';
import { BareInsert } from './bare-insert.ts';
import { BATCH, textsOf } from './contender.ts';
import type { Contender } from './contender.ts';
import { Messages } from './messages.ts';
import { OurIntake } from './our-intake.ts';
import { Textbook } from './textbook.ts';

const CUSTOMERS = 2000;

interface Run {
  /** µs of processor time per message. */
  node: number;
  postgres: number;
  /** Messages per second. */
  rate: number;
}

/** Messages that are on the bus → stored, 100 at a time, of 2,000 customers that are known. */
export async function* benchIngest(options: Options, { onEnd }: Around): AsyncIterable<Measured> {
  const server = await testServer();
  onEnd(() => server.remove());
  const contenders = [
    await OurIntake.open(server),
    await BareInsert.open(server),
    await Textbook.open(server),
  ];
  const sources = contenders.map(() => new Messages(CUSTOMERS));
  const runs = contenders.map((): Run[] => []);
  for (const [index, contender] of contenders.entries())
    await feed(contender, batchesOf(sources[index]!, Math.min(contender.amount, 2 * CUSTOMERS)));
  for (let round = 0; round < options.runs; round++) {
    for (const [index, contender] of contenders.entries()) {
      const batches = batchesOf(sources[index]!, contender.amount);
      const measure = () => measured(contender, batches, server.pid);
      const isOurs = index === 0 && options.profile && round === options.runs - 1;
      runs[index]!.push(await (isOurs ? profiled('ingest', measure) : measure()));
    }
  }
  yield* figures(runs as [Run[], Run[], Run[]]);
  for (const contender of contenders) await contender.close();
}

function* figures([ours, bare, textbook]: [Run[], Run[], Run[]]): Iterable<Measured> {
  const of = (runs: Run[], value: (run: Run) => number) => runs.map(value);
  const both = (run: Run): number => run.node + run.postgres;
  const rate = (run: Run): number => run.rate;
  const bareTime = { name: 'bare insert', values: of(bare, both) };
  const bookTime = { name: 'textbook Nest + TypeORM', values: of(textbook, both) };
  const µs = 'µs/message';
  yield {
    name: 'ingest: processor time, Node and PostgreSQL',
    unit: µs,
    values: of(ours, both),
    baseline: bareTime,
    target: { atMost: 75 },
  };
  yield { name: 'ingest: processor time, Node', unit: µs, values: of(ours, (run) => run.node) };
  yield { name: 'ingest: processor time, PostgreSQL', unit: µs, values: of(ours, (run) => run.postgres) };
  yield {
    name: 'ingest: processor time against the textbook',
    unit: µs,
    values: of(ours, both),
    baseline: bookTime,
    target: { ratioAtMost: 1 / 40 },
  };
  yield {
    name: 'ingest: messages per second',
    unit: '/s',
    values: of(ours, rate),
    baseline: { name: 'bare insert', values: of(bare, rate) },
    target: { ratioAtLeast: 0.7 },
  };
  yield {
    name: 'ingest: messages per second against the textbook',
    unit: '/s',
    values: of(ours, rate),
    baseline: { name: 'textbook Nest + TypeORM', values: of(textbook, rate) },
  };
}

function batchesOf(source: Messages, amount: number): string[][] {
  return Array.from({ length: amount / BATCH }, () => textsOf(source.batch(BATCH)));
}

async function feed(contender: Contender, batches: string[][]): Promise<void> {
  for (const batch of batches) await contender.take(batch);
}

async function measured(contender: Contender, batches: string[][], postgres: number): Promise<Run> {
  const amount = batches.length * BATCH;
  const used = watchTime(postgres);
  const own = process.cpuUsage();
  const from = systemClock.monotonic();
  await feed(contender, batches);
  const seconds = (systemClock.monotonic() - from) / 1000;
  const { user, system } = process.cpuUsage(own);
  return { node: (user + system) / amount, postgres: used()[0]! / amount, rate: amount / seconds };
}
