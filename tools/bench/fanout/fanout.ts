import type { Around } from '../bench.ts';
import { Child } from '../child.ts';
import type { Measured } from '../figures.ts';
import type { Options } from '../options.ts';
import type { Answer as Held, Order as Hold } from '../sockets/orders.ts';
import type { Answer, Order } from './orders.ts';

const CLIENTS = 1000;
/** Messages that wait for each other within 20 ms at a thousand a second and more. */
const COALESCED = 20;

type Server = Child<Order, Answer>;

/** One event to a thousand agents' browsers that do not watch it, alone and together with others. */
export async function* benchFanout(options: Options, around: Around): AsyncIterable<Measured> {
  const rounds = options.short ? 60 : 300;
  const desk = await deskWithBrowsers(around, options.profile);
  const bare = await serverWithClients(around, 'bare');
  const each = (server: Server, messages: number): Promise<number> =>
    perDelivery(server, { rounds, messages });
  const single: number[] = [];
  const coalesced: number[] = [];
  const bareSingle: number[] = [];
  for (const server of [desk, bare]) await each(server, 1);
  for (let run = 0; run < options.runs; run++) {
    single.push(await each(desk, 1));
    bareSingle.push(await each(bare, 1));
    coalesced.push(await each(desk, COALESCED));
  }
  const baseline = { name: 'bare ws', values: bareSingle };
  yield {
    name: 'fan-out: processor time of one frame to one of 1,000 browsers',
    unit: 'µs',
    values: single,
    baseline,
    target: { atMost: 8 },
  };
  yield {
    name: `fan-out: processor time per message and browser, ${COALESCED} together`,
    unit: 'µs',
    values: coalesced,
    baseline,
  };
  yield {
    name: `fan-out: messages to browsers per second and core, ${COALESCED} together`,
    unit: '/s',
    values: coalesced.map((µs) => 1e6 / µs),
    baseline: { name: 'bare ws', values: bareSingle.map((µs) => 1e6 / µs) },
    target: { atLeast: 1_000_000 },
  };
  await Promise.all([desk.end(), bare.end()]);
}

/** µs of processor time per message and browser. */
export async function perDelivery(
  server: Server,
  { rounds, messages }: { rounds: number; messages: number },
): Promise<number> {
  const { spent, clients } = await server.obey({ do: 'tell', rounds, messages });
  return spent / (rounds * messages * clients);
}

/** The desk's sockets with a thousand browsers on them. */
export function deskWithBrowsers(around: Around, profile = false): Promise<Server> {
  return serverWithClients(around, 'desk', profile);
}

async function serverWithClients(around: Around, kind: 'desk' | 'bare', profile = false): Promise<Server> {
  const flags = profile ? ['--cpu-prof', '--cpu-prof-dir=data/profiles'] : [];
  const server: Server = new Child(await around.bundle('fanout/desk-server'), flags);
  around.onEnd(() => server.end());
  const { port } = await server.obey({ do: 'listen', kind });
  const holder = new Child<Hold, Held>(await around.bundle('sockets/holder'));
  around.onEnd(() => holder.end());
  const namespace = kind === 'desk' ? { namespace: '/agent' } : {};
  await holder.obey({ do: 'open', port, count: CLIENTS, ...namespace });
  return server;
}
