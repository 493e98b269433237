import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import { testServer } from '@yixian/database/testing';
import { freePort, StandaloneApp } from '../app.ts';
import type { Around } from '../bench.ts';
import { LoadProcess } from '../e2e/load-process.ts';
import type { Answer, Order } from '../e2e/orders.ts';
import type { Measured, Target } from '../figures.ts';
import { quantile } from '../figures.ts';
import type { Options } from '../options.ts';
import { watchTime } from '../processor-time.ts';
import { centrifugoFanout } from './centrifugo.ts';

const PAIRS = 50;
const SECONDS = 4;
const STARTS_WITHIN = 60_000;

const paces = {
  '200/s': { do: 'rate', perSecond: 200, seconds: SECONDS },
  'flat out': { do: 'flatOut', seconds: SECONDS },
} satisfies Record<string, Order>;
type Pace = keyof typeof paces;

/** A server with people on it, and the processes that work for it. */
interface Side {
  load: LoadProcess;
  pids: number[];
}

type Runs = Record<Pace, { answer: Answer; spent: number }[]>;

/** Tinode and Centrifugo beside us, in the same sitting, under the same load. */
export async function* benchPeers(options: Options, around: Around): AsyncIterable<Measured> {
  const programs = around.installPeers();
  yield* centrifugoFanout(options, around, programs.centrifugo);
  const sides = [await ourSide(around), await tinodeSide(around, programs)];
  const runs = sides.map((): Runs => ({ '200/s': [], 'flat out': [] }));
  for (const { load } of sides) await load.obey(paces['flat out']);
  for (let round = 0; round < options.runs; round++) {
    for (const [index, side] of sides.entries()) {
      for (const pace of Object.keys(paces) as Pace[])
        runs[index]![pace].push(await measured(side, paces[pace]));
    }
  }
  for (const pace of Object.keys(paces) as Pace[]) yield* figures(pace, runs[0]![pace], runs[1]![pace]);
}

async function measured({ load, pids }: Side, order: Order): Promise<{ answer: Answer; spent: number }> {
  const used = watchTime(...pids);
  const answer = await load.obey(order);
  return { answer, spent: used().reduce((sum, µs) => sum + µs, 0) };
}

function* figures(pace: Pace, ours: Runs[Pace], theirs: Runs[Pace]): Iterable<Measured> {
  type One = Runs[Pace][number];
  const figure = (what: string, unit: string, value: (run: One) => number, target: Target): Measured => ({
    name: `peers, ${pace}: ${what}`,
    unit,
    values: ours.map(value),
    baseline: { name: 'Tinode', values: theirs.map(value) },
    target,
  });
  const spent = ({ spent: µs, answer }: One): number => µs / answer.seen;
  yield figure('processor time, server and PostgreSQL', 'µs/message', spent, { ratioAtMost: 1 / 3 });
  if (pace === 'flat out') {
    const rate = ({ answer }: One): number => answer.seen / answer.seconds;
    yield figure('messages per second', '/s', rate, { ratioAtLeast: 1 });
    return;
  }
  for (const [what, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const)
    yield figure(what, 'ms', ({ answer }) => quantile(answer.waits, share), { ratioAtMost: 1 });
}

async function ourSide(around: Around): Promise<Side> {
  const app = await StandaloneApp.start({ apps: around.buildApps(), folder: join(around.folder, 'peers') });
  around.onEnd(() => app.stop());
  const load = await loadOf(around);
  await load.obey({ do: 'connect', port: app.port, token: await app.newToken(), visitors: PAIRS });
  return { load, pids: [app.pid, app.postgresPid] };
}

async function tinodeSide(around: Around, programs: ReturnType<Around['installPeers']>): Promise<Side> {
  const server = await testServer();
  around.onEnd(() => server.remove());
  const port = await freePort();
  const folder = join(around.folder, 'tinode');
  mkdirSync(join(folder, 'static'), { recursive: true });
  const config = join(folder, 'tinode.json');
  writeFileSync(config, JSON.stringify(settingsOf(port, `${server.url('tinode')}&sslmode=disable`)));
  const cwd = join(programs.sources, 'server');
  const made = spawnSync(programs['tinode-init-db'], ['-config', config, '-data', ''], {
    cwd,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`Tinode could not make its database: ${made.stderr}`);
  const log = openSync(join(folder, 'log'), 'w');
  const args = ['-config', config, '-static_data', join(folder, 'static')];
  const child = spawn(programs.tinode, args, { cwd, stdio: ['ignore', log, log] });
  around.onEnd(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  await listening(port).catch(() => {
    throw new Error(`Tinode does not serve: ${readFileSync(join(folder, 'log'), 'utf8').slice(-2000)}`);
  });
  const load = await loadOf(around);
  await load.obey({ do: 'connect', port, token: '', visitors: PAIRS, peer: 'tinode' });
  return { load, pids: [child.pid!, server.pid] };
}

async function loadOf(around: Around): Promise<LoadProcess> {
  const load = new LoadProcess(await around.bundle('e2e/load'));
  around.onEnd(() => load.end());
  return load;
}

/** Tinode's own sample configuration, without what it does beside chat. */
function settingsOf(port: number, dsn: string): object {
  const postgres = {
    database: 'tinode',
    DBName: 'tinode',
    dsn,
    max_open_conns: 50,
    max_idle_conns: 50,
    conn_max_lifetime: 60,
    sql_timeout: 10,
  };
  return {
    listen: `127.0.0.1:${port}`,
    api_path: '/',
    grpc_listen: '',
    api_key_salt: 'T713/rYYgW7g4m3vG6zGRh7+FM1t0T8j13koXScOAj4=',
    max_message_size: 262144,
    max_subscriber_count: 128,
    max_tag_count: 16,
    expvar: '-',
    server_status: '-',
    auth_config: {
      basic: { add_to_tags: true, min_login_length: 4, min_password_length: 6 },
      token: { expire_in: 1209600, serial_num: 1, key: 'wfaY2RgF2S1OQI/ZlK+LSrp1KB2jwAdGAIHQ7JZn+Kc=' },
    },
    store_config: {
      uid_key: 'la6YsO+bNX/+XIkOqc5Svw==',
      max_results: 1024,
      use_adapter: 'postgres',
      adapters: { postgres },
    },
    acc_gc_config: { enabled: false },
    push: [],
    tls: { enabled: false },
  };
}

/** Rejects when nothing listens within a minute. */
export async function listening(port: number): Promise<void> {
  const until = systemClock.monotonic() + STARTS_WITHIN;
  while (systemClock.monotonic() < until) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await pause(systemClock, 50);
  }
  throw new Error(`Nothing listens on ${port}.`);
}
