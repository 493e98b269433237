import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { pause, systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { Proxy } from './proxy.ts';

let server: Server;
let proxy: Proxy;
let far: Socket;
let near: Socket;
let heard: string;

/** Both ends of one connection through the proxy; what the far end hears is in `heard`. */
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await Proxy.open({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const accepted = once(server, 'connection');
  near = connect(proxy.port, '127.0.0.1');
  [far] = (await accepted) as [Socket];
  heard = '';
  far.on('data', (bytes) => (heard += bytes.toString())).on('error', () => {});
  near.on('error', () => {});
  near.write('a');
  await eventually(() => heard === 'a');
});

afterEach(async () => {
  near.destroy();
  await proxy.close();
  server.close();
});

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

it('tells both ends of a cut', async () => {
  const gone = Promise.all([closed(near), closed(far)]);
  proxy.cut();
  await gone;
  expect([near.destroyed, far.destroyed]).toEqual([true, true]);
});

it('holds back on a stall and gives everything afterwards, in order', async () => {
  proxy.stall();
  near.write('b');
  near.write('c');
  await pause(systemClock, 50);
  expect(heard).toBe('a');
  proxy.heal();
  await eventually(() => heard === 'abc');
});

it('is slow and keeps the order, also when it gets fast again', async () => {
  proxy.slow();
  near.write('b');
  await pause(systemClock, 50);
  expect(heard).toBe('a');
  proxy.heal();
  near.write('c');
  await eventually(() => heard === 'abc');
});

it('leaves one end in the dark when the other goes', async () => {
  const gone = closed(far);
  proxy.halfOpen();
  await gone;
  near.write('b');
  await pause(systemClock, 50);
  expect([near.destroyed, heard]).toEqual([false, 'a']);
});

it('lets the far end wait for a near one that is gone', async () => {
  const gone = closed(near);
  proxy.ghost();
  await gone;
  far.write('b');
  await pause(systemClock, 50);
  expect(far.destroyed).toBe(false);
});
