import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '@yixian/contracts/testing';
import { StallingClient } from '@yixian/service/testing';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { io } from 'socket.io-client';
import { backlogOf, limitBacklog, MAX_WAITING_ANSWERS, MAX_WAITING_EVENTS } from './backlog.ts';
import type { Connection } from './backlog.ts';

/** Texts are counted with two bytes for each character: this is 20 KB. */
const TEXT = '汉'.repeat(10_000);
const SIZE = 2 * TEXT.length;

let http: HttpServer;
let server: Server;
let port: number;
const hanging: StallingClient[] = [];

beforeEach(async () => {
  http = createServer().listen(0, '127.0.0.1');
  server = new Server(http);
  limitBacklog(server.engine);
  await once(http, 'listening');
  port = (http.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const one of hanging.splice(0)) one.close();
  await server.close();
});

const connected = (): Promise<Socket> => new Promise((resolve) => server.once('connection', resolve));
const connectionOf = (socket: Socket): Connection => socket.conn as unknown as Connection;

/** A client that reads nothing. The kernel takes some megabytes before anything waits in the process. */
async function stalled() {
  const [socket, tcp] = await Promise.all([connected(), StallingClient.open(port, '/')]);
  hanging.push(tcp);
  await eventually(() => tcp.hasHeard('"sid"'));
  tcp.stopReading();
  return { tcp, socket };
}

/** Says `say` again and again until the client is let go of, and gives the most that waited for it meanwhile. */
async function untilCutOff(socket: Socket, say: () => void): Promise<number> {
  let most = 0;
  for (let n = 0; n < 2000 && socket.connected; n += 1) {
    say();
    most = Math.max(most, backlogOf(connectionOf(socket)));
    await new Promise(setImmediate);
  }
  expect(socket.connected).toBe(false);
  expect(backlogOf(connectionOf(socket))).toBe(0);
  return most;
}

it('lets go of a client that takes nothing, at the bound, whatever is told', async () => {
  const { socket } = await stalled();
  const most = await untilCutOff(socket, () => server.emit('event', TEXT));
  expect(most).toBeGreaterThan(MAX_WAITING_EVENTS / 2);
  expect(most).toBeLessThan(256 * 1024);
});

it('throws away what the kernel holds for it too', async () => {
  const { tcp, socket } = await stalled();
  const { _socket } = connectionOf(socket).transport.socket!;
  const most = await untilCutOff(socket, () => socket.emit('event', TEXT));
  const taken = (_socket as unknown as { bytesWritten: number }).bytesWritten - most;
  tcp.readOn();
  await eventually(() => tcp.closed);
  expect(tcp.bytesHeard).toBeLessThan(0.9 * taken);
});

it('is patient with answers that were asked for, and not without end', async () => {
  const { socket } = await stalled();
  const ack = (socket as unknown as { ack(id: number): (text: string) => void }).ack.bind(socket);
  const most = await untilCutOff(socket, () => ack(1)(TEXT));
  expect(most).toBeGreaterThan(MAX_WAITING_ANSWERS / 2);
  expect(most).toBeLessThan(MAX_WAITING_ANSWERS + 256 * 1024);
});

it('is no less patient when a ping is due', async () => {
  const { socket } = await stalled();
  const connection = connectionOf(socket) as Connection & { sendPacket(type: 'ping'): void };
  const ack = (socket as unknown as { ack(id: number): (text: string) => void }).ack.bind(socket);
  await eventually(() => {
    ack(1)(TEXT);
    return backlogOf(connection) > 3 * MAX_WAITING_EVENTS;
  });
  connection.sendPacket('ping');
  await new Promise(setImmediate);
  expect(socket.connected).toBe(true);
});

it.each(['websocket', 'polling'])('takes much at once for a client that reads: %s', async (transport) => {
  const heard: string[] = [];
  const coming = connected();
  const client = io(`http://127.0.0.1:${port}`, { transports: [transport], forceNew: true });
  client.on('event', (text: string) => heard.push(text));
  const socket = await coming;
  const large = '汉'.repeat(MAX_WAITING_EVENTS);
  socket.emit('event', large);
  socket.emit('event', 'small');
  await eventually(() => expect(heard.map(({ length }) => length)).toEqual([large.length, 5]));
  expect(client.connected).toBe(true);
  client.disconnect();
});

it('lets a client that polls no more go at the bound', async () => {
  const path = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`;
  const coming = connected();
  const [sid] = /(?<="sid":")[^"]+/.exec(await (await fetch(path)).text()) ?? [];
  await fetch(`${path}&sid=${sid}`, { method: 'POST', body: '40' });
  const socket = await coming;
  for (let n = 0; n <= MAX_WAITING_EVENTS / SIZE + 2; n += 1) socket.emit('event', TEXT);
  await eventually(() => expect(socket.connected).toBe(false));
  expect((await fetch(`${path}&sid=${sid}`)).status).toBe(400);
});
