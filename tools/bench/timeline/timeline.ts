import { busSchema } from '@yixian/bus';
import { systemClock } from '@yixian/contracts';
import { testServer } from '@yixian/database/testing';
import pg from 'pg';
import { hubSchema } from '../../../apps/conversation-hub/src/hub-schema.ts';
import type { Around } from '../bench.ts';
import type { Measured } from '../figures.ts';
import { quantile } from '../figures.ts';
import type { Options } from '../options.ts';
import { watchTime } from '../processor-time.ts';
import { profiled } from '../profile.ts';
import { naiveJoin, ormFind, ourPages, selectOne } from './contenders.ts';
import type { ReadPage } from './contenders.ts';
import { fillRecord } from './record-data.ts';

const READS = 1000;

interface Run {
  waits: number[];
  /** µs of processor time per page. */
  node: number;
  postgres: number;
}

const names = ['hub', 'select 1', 'naive join', 'TypeORM find'] as const;
type Name = (typeof names)[number];

/** The newest 50 entries of a contact, anyone of them, out of very many. */
export async function* benchTimeline(options: Options, { onEnd }: Around): AsyncIterable<Measured> {
  const server = await testServer();
  onEnd(() => server.remove());
  const database = await server.database({ parts: [busSchema, hubSchema] });
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  const from = systemClock.monotonic();
  const contacts = await fillRecord(client, options.entries);
  yield { name: 'timeline: filled by COPY in', unit: 's', values: [(systemClock.monotonic() - from) / 1000] };
  const orm = await ormFind(server.url());
  const reads: Record<Name, ReadPage> = {
    hub: ourPages(database),
    'select 1': selectOne(client),
    'naive join': naiveJoin(client),
    'TypeORM find': orm.read,
  };
  const runs = Object.fromEntries(names.map((name) => [name, [] as Run[]])) as Record<Name, Run[]>;
  for (const name of names) await measured(reads[name], contacts, server.pid);
  for (let round = 0; round < options.runs; round++) {
    for (const name of names) {
      const measure = () => measured(reads[name], contacts, server.pid);
      const isOurs = name === 'hub' && options.profile && round === options.runs - 1;
      runs[name].push(await (isOurs ? profiled('timeline', measure) : measure()));
    }
  }
  yield* figures(runs, options.entries);
  await orm.close();
  await client.end();
}

function* figures(runs: Record<Name, Run[]>, entries: number): Iterable<Measured> {
  const prefix = `timeline of ${entries.toLocaleString('en')}`;
  const of = (name: Name, value: (run: Run) => number) => ({ name, values: runs[name].map(value) });
  const both = (run: Run): number => run.node + run.postgres;
  const p50 = (run: Run): number => quantile(run.waits, 0.5);
  const p99 = (run: Run): number => quantile(run.waits, 0.99);
  const { values: total } = of('hub', both);
  const find = of('TypeORM find', (run) => run.node);
  const node = of('hub', (run) => run.node).values;
  const at = { unit: 'µs/page', target: { atMost: 200 } };
  yield { name: `${prefix}: processor time, Node`, ...at, values: node, baseline: find };
  yield {
    name: `${prefix}: processor time, Node and PostgreSQL`,
    unit: 'µs/page',
    values: total,
    baseline: of('naive join', both),
  };
  const first = of('hub', p50).values;
  yield {
    name: `${prefix}: p50`,
    unit: 'ms',
    values: first,
    baseline: of('select 1', p50),
    target: { atMost: 0.8 },
  };
  yield {
    name: `${prefix}: p50 against a naive join`,
    unit: 'ms',
    values: first,
    baseline: of('naive join', p50),
  };
  yield {
    name: `${prefix}: p50 against TypeORM`,
    unit: 'ms',
    values: first,
    baseline: of('TypeORM find', p50),
  };
  const last = of('hub', p99).values;
  yield {
    name: `${prefix}: p99`,
    unit: 'ms',
    values: last,
    baseline: of('naive join', p99),
    target: { atMost: 3 },
  };
}

async function measured(read: ReadPage, contacts: string[], postgres: number): Promise<Run> {
  const waits: number[] = [];
  const used = watchTime(postgres);
  const own = process.cpuUsage();
  for (let n = 0; n < READS; n++) {
    const from = systemClock.monotonic();
    await read(contacts[(n * 7919) % contacts.length]!);
    waits.push(systemClock.monotonic() - from);
  }
  const { user, system } = process.cpuUsage(own);
  return { waits, node: (user + system) / READS, postgres: used()[0]! / READS };
}
