import { systemClock } from '@yixian/contracts';
import { openDatabase } from '@yixian/database';
import type { Database } from '@yixian/database';
import { testServer } from '@yixian/database/testing';
import { hubSchema } from '../../apps/conversation-hub/src/hub-schema.ts';
import { rebuild } from '../../apps/conversation-hub/src/rebuild/rebuild.ts';
import type { Around } from './bench.ts';
import type { Measured } from './figures.ts';
import { BATCH, textsOf } from './ingest/contender.ts';
import { Messages } from './ingest/messages.ts';
import { OurIntake } from './ingest/our-intake.ts';
import type { Options } from './options.ts';
import { profiled } from './profile.ts';

const CUSTOMERS = 2000;
const TARGET = { atLeast: 20_000 };
/** Rows of the baseline read at a time. */
const PAGE = 10_000;

/** Every read model made again from the log and compared, of a record that was taken in as in life. */
export async function* benchRebuild(options: Options, { onEnd }: Around): AsyncIterable<Measured> {
  const server = await testServer();
  onEnd(() => server.remove());
  const intake = await OurIntake.open(server);
  const messages = new Messages(CUSTOMERS);
  const write = (size: number): Promise<void> => intake.take(textsOf(messages.batch(size)));
  for (let n = 0; n < options.entries; n += BATCH) await write(BATCH);
  const database = await openDatabase({
    url: server.url(),
    dataDir: '',
    parts: [hubSchema],
    clock: systemClock,
    patient: true,
  });
  const rates: { atRest: number[]; busy: number[]; read: number[] } = { atRest: [], busy: [], read: [] };
  for (let round = 0; round < options.runs; round++) {
    rates.read.push(options.entries / (await seconds(() => readAll(database))));
    const isLast = round === options.runs - 1;
    const work = () => rebuilt(database);
    rates.atRest.push(await (options.profile && isLast ? profiled('rebuild', work) : work()));
    rates.busy.push(await during(write, work));
  }
  const baseline = { name: 'every entry read by SQL', values: rates.read };
  const prefix = `rebuild of ${options.entries.toLocaleString('en')}`;
  yield { name: prefix, unit: 'entries/s', values: rates.atRest, baseline, target: TARGET };
  yield {
    name: `${prefix}, while messages come in`,
    unit: 'entries/s',
    values: rates.busy,
    baseline,
    target: TARGET,
  };
  await database.close();
  await intake.close();
}

/** Entries per second of one rebuild. Throws when what was made is not what stands. */
async function rebuilt(database: Database): Promise<number> {
  const { equal, facts, rate } = await rebuild(database, systemClock);
  if (!equal || facts === 0) throw new Error('What was rebuilt is not what stands.');
  return rate;
}

/** Does `work` while messages come in, a small batch after the other. */
async function during<T>(write: (size: number) => Promise<void>, work: () => Promise<T>): Promise<T> {
  let writing = true;
  const coming = (async () => {
    while (writing) await write(10);
  })();
  try {
    return await work();
  } finally {
    writing = false;
    await coming;
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = systemClock.monotonic();
  await work();
  return (systemClock.monotonic() - from) / 1000;
}

async function readAll(database: Database): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await database.query<{ id: string }>(
      'select * from hub.entry where id > $1 order by id limit $2',
      [after, PAGE],
    );
    if (rows.length === 0) return;
    after = rows.at(-1)!.id;
  }
}
