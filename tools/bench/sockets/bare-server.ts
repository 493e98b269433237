import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import type { WebSocketServer as Server } from 'ws';
import { obeying } from '../child.ts';
import { retained } from '../retained.ts';

// The very copy of ws that Engine.IO brings, so that the two differ in nothing else.
const require = createRequire(createRequire(import.meta.url).resolve('engine.io'));
const { WebSocketServer } = require('ws') as { WebSocketServer: typeof Server };

type Order = { do: 'listen' } | { do: 'weigh' };

/** As little as a WebSocket server can do: it lets everybody in and knows nothing of them. */
async function listen(): Promise<number> {
  const http = createServer();
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', () => {});
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return (http.address() as AddressInfo).port;
}

let port = 0;
obeying<Order, { port: number; bytes: number }>(async (order) => {
  if (order.do === 'listen') port = await listen();
  return { port, bytes: order.do === 'weigh' ? await retained() : 0 };
});
