import { join } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import { StandaloneApp } from '../app.ts';
import type { Around } from '../bench.ts';
import { Child } from '../child.ts';
import { LoadProcess } from '../e2e/load-process.ts';
import type { Measured } from '../figures.ts';
import { memoryOf } from '../memory.ts';
import { HEAP_FLAGS } from '../retained.ts';
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
/** The kernel takes some megabytes for each before anything waits in the process; that takes so many rounds at most. */
const STALL_ROUNDS = 8;

type Holder = Child<Order, Answer>;

/** A process whose memory is weighed. */
interface Weighed {
  port: number;
  pid: number;
  /** Bytes that it holds once all garbage is gone. */
  retained(): Promise<number>;
}

/** KiB: what the process takes up, garbage and half-empty pages with it, and what of that its objects hold. */
interface Memory {
  resident: number;
  retained: number;
}

/** What a socket costs that does nothing, and one that takes nothing. */
export async function* benchSockets(options: Options, around: Around): AsyncIterable<Measured> {
  const count = options.short ? 2000 : 10_000;
  const apps = around.buildApps();
  const script = await around.bundle('sockets/holder');
  const heapProbe = await around.bundle('heap-probe');
  const bare = await bareSockets(around, script, count);
  const runs: { visitors: Memory; agents: Memory; stalled: Memory }[] = [];
  // Each in a process of its own: what one leaves behind would be room for the next.
  const inAnApp = async (name: string, weighed: (app: StandaloneApp, token: string) => Promise<Memory>) => {
    const folder = join(around.folder, name);
    const app = await StandaloneApp.start({ apps, folder, heapProbe, profile: options.profile });
    around.onEnd(() => app.stop());
    const memory = await weighed(app, await app.newToken());
    await app.stop();
    return memory;
  };
  const visitor = { namespace: '/visitor', auth: { site: SITE, after: 0, locale: 'zh-CN' } };
  for (let round = 0; round < options.runs; round++) {
    const visitors = await inAnApp(`visitors-${round}`, (app) =>
      perSocket(around, script, app, { count, ...visitor }),
    );
    const agents = await inAnApp(`agents-${round}`, (app, token) =>
      perSocket(around, script, app, { count, namespace: '/agent', auth: { token } }),
    );
    const stalled = await inAnApp(`stalled-${round}`, (app, token) => perStalled(around, script, app, token));
    runs.push({ visitors, agents, stalled });
  }
  yield* idleFigures('widget', count, { bare, each: runs.map(({ visitors }) => visitors) });
  yield* idleFigures('agent’s browser', count, { bare, each: runs.map(({ agents }) => agents) });
  const name = 'sockets: memory of a browser that takes nothing, under full load';
  const target = { atMost: 256 };
  yield { name, unit: 'KiB', values: runs.map(({ stalled }) => stalled.resident), target };
  yield {
    name: `${name}: retained`,
    unit: 'KiB',
    values: runs.map(({ stalled }) => stalled.retained),
    target,
  };
}

function* idleFigures(
  who: string,
  count: number,
  { bare, each }: { bare: Memory; each: Memory[] },
): Iterable<Measured> {
  const name = `sockets: memory of an idle ${who} among ${count.toLocaleString('en')}`;
  const target = { atMost: 18 };
  const figure = (of: keyof Memory) => ({
    unit: 'KiB',
    values: each.map((memory) => memory[of]),
    baseline: { name: 'bare ws', values: [bare[of]] },
    target,
  });
  yield { name, ...figure('resident') };
  yield { name: `${name}: retained`, ...figure('retained') };
}

async function bareSockets(around: Around, script: string, count: number): Promise<Memory> {
  const server = new Child<{ do: 'listen' | 'weigh' }, { port: number; bytes: number }>(
    await around.bundle('sockets/bare-server'),
    HEAP_FLAGS,
  );
  around.onEnd(() => server.end());
  const { port } = await server.obey({ do: 'listen' });
  const weighed: Weighed = {
    port,
    pid: server.pid,
    retained: async () => (await server.obey({ do: 'weigh' })).bytes,
  };
  const each = await perSocket(around, script, weighed, { count });
  await server.end();
  return each;
}

/** Per socket. Weighed first without garbage, then with all that opening them has left. */
async function perSocket(
  around: Around,
  script: string,
  of: Weighed,
  open: Omit<Order & { do: 'open' }, 'do' | 'port'>,
): Promise<Memory> {
  const { port } = of;
  const holder: Holder = new Child(script);
  around.onEnd(() => holder.end());
  await holder.obey({ do: 'open', port, ...open, count: WARM_UP });
  await holder.obey({ do: 'close' });
  await pause(systemClock, REST_MS);
  const before = await weigh(of, 'collected first');
  await holder.obey({ do: 'open', port, ...open });
  await pause(systemClock, REST_MS);
  const after = await weigh(of, 'as it is');
  const { closed } = await holder.obey({ do: 'stall', count: 0 });
  await holder.end();
  if (closed > 0) throw new Error(`${closed} sockets were closed.`);
  return each(open.count, before, after);
}

async function weigh(of: Weighed, when: 'as it is' | 'collected first'): Promise<Memory> {
  const asItIs = memoryOf(of.pid);
  const retained = (await of.retained()) / 1024;
  return { resident: when === 'as it is' ? asItIs : memoryOf(of.pid), retained };
}

const each = (count: number, before: Memory, after: Memory): Memory => ({
  resident: Math.max(0, after.resident - before.resident) / count,
  retained: Math.max(0, after.retained - before.retained) / count,
});

/** By what the process grows per browser that hangs, against the same load with nobody who does. */
async function perStalled(
  around: Around,
  script: string,
  app: StandaloneApp,
  token: string,
): Promise<Memory> {
  const load = new LoadProcess(await around.bundle('e2e/load'));
  around.onEnd(() => load.end());
  await load.obey({ do: 'connect', port: app.port, token, visitors: 50 });
  const holder: Holder = new Child(script);
  around.onEnd(() => holder.end());
  await holder.obey({ do: 'open', port: app.port, namespace: '/agent', auth: { token }, count: STALLED });
  await load.obey({ do: 'flatOut', seconds: STALL_SECONDS });
  await app.retained();
  await load.obey({ do: 'flatOut', seconds: STALL_SECONDS });
  await pause(systemClock, REST_MS);
  const before = await weigh(app, 'as it is');
  await holder.obey({ do: 'stall', count: STALLED });
  await untilStalled(app, () => load.obey({ do: 'flatOut', seconds: STALL_SECONDS }));
  await pause(systemClock, REST_MS);
  const after = await weigh(app, 'as it is');
  await Promise.all([load.end(), holder.end()]);
  return each(STALLED, before, after);
}

/** Loads the desk until it says that nobody who hangs takes more. */
async function untilStalled(app: StandaloneApp, load: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < STALL_ROUNDS; round++) {
    await load();
    const metrics = await (await fetch(`${app.internalUrl}/metrics`)).text();
    const stalled = Number(/^yixian_desk_sockets\{state="stalled"\} (\d+)/m.exec(metrics)?.[1]);
    if (stalled >= STALLED) return;
  }
  throw new Error('The browsers that hang still take what they are sent.');
}
