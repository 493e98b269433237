import { join } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import { StandaloneApp } from '../app.ts';
import type { Around } from '../bench.ts';
import { Child } from '../child.ts';
import { LoadProcess } from '../e2e/load-process.ts';
import type { Measured } from '../figures.ts';
import { memoryOf } from '../memory.ts';
import type { Options } from '../options.ts';
import type { Answer, Order } from './orders.ts';

/** Sockets opened and closed before anything is measured, so that what a process needs once is there. */
const WARM_UP = 300;
/** The heap shrinks to what is in use when nothing happens for a while. */
const REST_MS = 4000;
const SITE = 'demo';
/** Browsers that hang, and for how long messages are written to them flat out: several megabytes each. */
const STALLED = 100;
const STALL_SECONDS = 6;

type Holder = Child<Order, Answer>;

/** What a socket costs that does nothing, and one that takes nothing. */
export async function* benchSockets(options: Options, around: Around): AsyncIterable<Measured> {
  const count = options.short ? 2000 : 10_000;
  const apps = around.buildApps();
  const script = await around.bundle('sockets/holder');
  const bare = await bareSockets(around, script, count);
  const runs: { visitors: number; agents: number; stalled: number }[] = [];
  for (let round = 0; round < options.runs; round++) {
    const folder = join(around.folder, `data-${round}`);
    const app = await StandaloneApp.start({ apps, folder, profile: options.profile });
    around.onEnd(() => app.stop());
    const token = await app.newToken();
    const visitors = { namespace: '/visitor', auth: { site: SITE, after: 0, locale: 'zh-CN' } };
    const agents = { namespace: '/agent', auth: { token } };
    const perVisitor = await perSocket(around, script, app, { count, ...visitors });
    const perAgent = await perSocket(around, script, app, { count, ...agents });
    const stalled = await perStalled(around, script, app, token);
    runs.push({ visitors: perVisitor, agents: perAgent, stalled });
    await app.stop();
  }
  const baseline = { name: 'bare ws', values: [bare] };
  const of = (name: string) => `sockets: memory of an idle ${name} among ${count.toLocaleString('en')}`;
  const target = { atMost: 18 };
  yield { name: of('widget'), unit: 'KiB', values: runs.map((run) => run.visitors), baseline, target };
  yield { name: of('agent’s browser'), unit: 'KiB', values: runs.map((run) => run.agents), baseline, target };
  yield {
    name: 'sockets: memory of a browser that takes nothing, under full load',
    unit: 'KiB',
    values: runs.map((run) => run.stalled),
    target: { atMost: 256 },
  };
}

async function bareSockets(around: Around, script: string, count: number): Promise<number> {
  const server = new Child<object, { port: number }>(await around.bundle('sockets/bare-server'));
  around.onEnd(() => server.end());
  const { port } = await server.obey({});
  const { pid } = server;
  const each = await perSocket(around, script, { port, pid }, { count });
  await server.end();
  return each;
}

/** KiB per socket of the process `of`. */
async function perSocket(
  around: Around,
  script: string,
  { port, pid }: { port: number; pid: number },
  open: Omit<Order & { do: 'open' }, 'do' | 'port'>,
): Promise<number> {
  const holder: Holder = new Child(script);
  around.onEnd(() => holder.end());
  await holder.obey({ do: 'open', port, ...open, count: WARM_UP });
  await holder.obey({ do: 'close' });
  await pause(systemClock, REST_MS);
  const before = memoryOf(pid);
  await holder.obey({ do: 'open', port, ...open });
  await pause(systemClock, REST_MS);
  const after = memoryOf(pid);
  const { closed } = await holder.obey({ do: 'stall', count: 0 });
  await holder.end();
  if (closed > 0) throw new Error(`${closed} sockets were closed.`);
  return (after - before) / open.count;
}

/** KiB by which the process grows per browser that hangs, against the same load with nobody who does. */
async function perStalled(
  around: Around,
  script: string,
  app: StandaloneApp,
  token: string,
): Promise<number> {
  const load = new LoadProcess(await around.bundle('e2e/load'));
  around.onEnd(() => load.end());
  await load.obey({ do: 'connect', port: app.port, token, visitors: 50 });
  const holder: Holder = new Child(script);
  around.onEnd(() => holder.end());
  await holder.obey({ do: 'open', port: app.port, namespace: '/agent', auth: { token }, count: STALLED });
  await load.obey({ do: 'flatOut', seconds: STALL_SECONDS });
  await pause(systemClock, REST_MS);
  const before = memoryOf(app.pid);
  await holder.obey({ do: 'stall', count: STALLED });
  await load.obey({ do: 'flatOut', seconds: STALL_SECONDS });
  await pause(systemClock, REST_MS);
  const after = memoryOf(app.pid);
  await Promise.all([load.end(), holder.end()]);
  return Math.max(0, after - before) / STALLED;
}
