import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { newId, systemClock } from '@yixian/contracts';
import type { TimelineEvent } from '@yixian/contracts';
import { Server } from 'socket.io';
import type { WebSocketServer as BareServer } from 'ws';
import type { Caller } from '../../../apps/conversation-hub/src/desk/http/caller.ts';
import { addressed } from '../../../apps/conversation-hub/src/desk/sockets/addressed.ts';
import { DeskClient } from '../../../apps/conversation-hub/src/desk/sockets/desk-client.ts';
import { DeskClients, NAMESPACE } from '../../../apps/conversation-hub/src/desk/sockets/desk-clients.ts';
import { obeying } from '../child.ts';
import { aTimelineEvent } from './a-timeline-event.ts';
import type { Answer, Order } from './orders.ts';

const http = createServer();
let clients = (): number => 0;
let tell: (events: TimelineEvent[]) => void = () => {};

/** The desk's own way from events to sockets: who gets what, encoded once, written to each. */
function desk(): void {
  const server = new Server(http, {
    serveClient: false,
    transports: ['websocket'],
    perMessageDeflate: false,
  });
  const all = new DeskClients();
  server.of(NAMESPACE).on('connection', (socket) => {
    const caller = { via: 'token', name: 'bench' } as unknown as Caller;
    all.add(new DeskClient(socket, caller, systemClock));
  });
  clients = () => all.size;
  tell = (events) => all.deliver(events.map(addressed));
}

/** What everybody writes first with ws: every message to every socket, encoded once. */
function bare(): void {
  const require = createRequire(createRequire(import.meta.url).resolve('engine.io'));
  const { WebSocketServer } = require('ws') as { WebSocketServer: typeof BareServer };
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  clients = () => server.clients.size;
  tell = (events) => {
    for (const event of events) {
      const text = JSON.stringify(event);
      for (const socket of server.clients) socket.send(text);
    }
  };
}

async function listen(kind: 'desk' | 'bare'): Promise<number> {
  if (kind === 'desk') desk();
  else bare();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return (http.address() as AddressInfo).port;
}

let port = 0;
obeying<Order, Answer>(async (order) => {
  if (order.do === 'listen') {
    port = await listen(order.kind);
    return { port, clients: 0, spent: 0 };
  }
  const from = process.cpuUsage();
  for (let round = 0; round < order.rounds; round++) {
    tell(Array.from({ length: order.messages }, () => aTimelineEvent(newId())));
    // What was written is on its way before the next round, as it is between two events of the world.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const { user, system } = process.cpuUsage(from);
  return { port, clients: clients(), spent: user + system };
});
