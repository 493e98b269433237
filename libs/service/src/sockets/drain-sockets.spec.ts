import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { drainSockets } from './drain-sockets.ts';

let http: HttpServer;
let server: Server;
let port: number;

beforeEach(async () => {
  http = createServer().listen(0, '127.0.0.1');
  server = new Server(http);
  await once(http, 'listening');
  port = (http.address() as AddressInfo).port;
});

afterEach(async () => {
  await server.close();
});

const drain = (): Promise<number> => drainSockets(server, systemClock, new AbortController().signal);

it('lets a browser come back by itself', async () => {
  const client = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve) => client.once('connect', resolve));
  const lost = new Promise((resolve) => client.once('disconnect', resolve));
  expect(await drain()).toBe(1);
  expect(await lost).toBe('transport close');
});

it('closes a socket that is asked for on a connection from before', async () => {
  const accepted = once(http, 'connection');
  const early = connect(port, '127.0.0.1');
  await accepted;
  const empty = once(http, 'close');
  http.close();
  await drain();
  const gone = once(early, 'close');
  early.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n' +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  // The opcode of a close frame (RFC 6455, 5.5.1), which is answered by going.
  early.on('data', (bytes) => bytes.includes(0x88) && early.end());
  await Promise.all([gone, empty]);
  expect(server.engine.clientsCount).toBe(0);
});
