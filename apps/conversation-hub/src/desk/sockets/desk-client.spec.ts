import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '@yixian/contracts/testing';
import { TestClock } from '@yixian/contracts/testing';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { StallingClient } from '@yixian/service/testing';
import type { Caller } from '../http/caller.ts';
import { DeskClient, MAX_BACKLOG, STALL_MS } from './desk-client.ts';
import { encodeFrame } from './frame.ts';

const http = createServer();
const server = new Server(http);
const clock = new TestClock();
const connected: DeskClient[] = [];
let port: number;

beforeAll(async () => {
  server.of('/agent').on('connection', (socket) => {
    connected.push(new DeskClient(socket, {} as Caller, clock));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  port = (http.address() as AddressInfo).port;
});
afterAll(() => server.close());

const aFrame = (n: number, size = 1000) =>
  encodeFrame('/agent', 'events', `[{"n":${n},"x":"${'汉'.repeat(size / 3)}"}]`);

/** What the server made of the connection of this number. */
const arrived = (index: number): Promise<DeskClient> =>
  eventually(() => {
    const client = connected[index];
    if (!client) throw new Error('Nobody has come yet.');
    return client;
  });

/** A client that reads nothing, and what the server holds of it. */
async function stalled() {
  const before = connected.length;
  const tcp = await StallingClient.open(port, '/agent');
  const client = await arrived(before);
  await eventually(() => tcp.hasHeard('"sid"'));
  tcp.stopReading();
  // The kernel takes some megabytes before anything waits in the process.
  await eventually(() => {
    for (let n = 0; n < 200; n += 1) client.send(aFrame(n));
    return client.stalled;
  });
  return { tcp, client };
}

it.each(['websocket', 'polling'])(
  'writes frames that a client reads as if each had been emitted: %s',
  async (transport) => {
    const before = connected.length;
    const browser = io(`http://127.0.0.1:${port}/agent`, { transports: [transport], forceNew: true });
    const heard: unknown[] = [];
    browser.on('events', (events: unknown) => heard.push(events));
    const client = await arrived(before);
    for (const size of [3, 99, 150, 60_000, 70_200]) client.send(aFrame(size, size));
    const sent = [3, 99, 150, 60_000, 70_200].map((size) => [{ n: size, x: '汉'.repeat(size / 3) }]);
    await eventually(() => expect(heard).toEqual(sent));
    expect(client.backlog()).toBe(0);
    browser.disconnect();
  },
);

it('holds at most 256 KB for a browser that reads nothing, whatever is sent', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const used = () => {
    gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const { tcp, client } = await stalled();
  expect(client.backlog()).toBeLessThanOrEqual(MAX_BACKLOG);
  const before = used();
  for (let n = 0; n < 200_000; n += 1) client.send(aFrame(n));
  // 200 MB were sent. Buffers go a little after the collector has run; a megabyte is Node's and the test's own.
  await eventually(() => used() - before < 1024 * 1024);
  expect(client.backlog()).toBeLessThanOrEqual(MAX_BACKLOG);
  tcp.close();
});

it('tells a browser that has caught up to begin anew', async () => {
  const { tcp, client } = await stalled();
  tcp.readOn();
  await eventually(() => client.backlog() === 0);
  clock.advance(250);
  expect(client.stalled).toBe(false);
  await eventually(() => tcp.hasHeard('["resync",{"at":'));
  client.send(encodeFrame('/agent', 'events', '["after"]'));
  await eventually(() => tcp.hasHeard('["events",["after"]]'));
  tcp.close();
});

it('cuts a browser off that has taken nothing for 30 s', async () => {
  const { tcp, client } = await stalled();
  clock.advance(STALL_MS - 1000);
  expect(server.of('/agent').sockets.has(client.tab)).toBe(true);
  clock.advance(1000);
  expect(server.of('/agent').sockets.has(client.tab)).toBe(false);
  tcp.readOn();
  await eventually(() => tcp.closed);
  expect(client.backlog()).toBe(0);
});
