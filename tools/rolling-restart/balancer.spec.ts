import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { eventually } from '@yixian/contracts/testing';
import { Balancer } from './balancer.ts';

jest.setTimeout(30_000);

/** A replica that says its name to whoever connects. */
class Fake {
  ready = true;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly name: string,
    private readonly door: Server,
    private readonly probe: HttpServer,
  ) {}

  static async open(name: string): Promise<Fake> {
    const door = createServer();
    const probe = createHttpServer((_, response) => response.writeHead(fake.ready ? 200 : 503).end());
    const fake = new Fake(name, door, probe);
    door.on('connection', (socket) => {
      fake.sockets.add(socket.on('error', () => {}));
      socket.write(name);
    });
    for (const server of [door, probe]) await once(server.listen(0, '127.0.0.1'), 'listening');
    return fake;
  }

  get backend() {
    const portOf = (server: Server): number => (server.address() as AddressInfo).port;
    return { name: this.name, port: portOf(this.door), readyUrl: `http://127.0.0.1:${portOf(this.probe)}` };
  }

  closeDoor(): void {
    this.door.close();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.door.close();
    this.probe.closeAllConnections();
    this.probe.close();
  }
}

let balancer: Balancer;
let one: Fake;
let two: Fake;

beforeEach(async () => {
  balancer = await Balancer.open();
  [one, two] = [await Fake.open('one'), await Fake.open('two')];
  for (const { backend } of [one, two]) balancer.add(backend);
  await eventually(() => balancer.readyCount === 2);
});

afterEach(async () => {
  await balancer.close();
  one.close();
  two.close();
});

/** The name of the replica that a new connection comes to; nothing when it is turned away. */
async function reached(): Promise<string> {
  const socket = connect(Number(new URL(balancer.url).port), '127.0.0.1');
  const [first] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
  return Buffer.isBuffer(first) ? first.toString() : '';
}

it('shares connections among the replicas that are ready', async () => {
  expect([await reached(), await reached()].sort()).toEqual(['one', 'two']);
});

it('sends nobody to a replica that is not ready, and lets who is there stay', async () => {
  await reached();
  await reached();
  one.ready = false;
  await eventually(() => balancer.readyCount === 1);
  expect([await reached(), await reached()]).toEqual(['two', 'two']);
  expect(balancer.connectionsOf('one')).toBe(1);
});

it('takes a connection that is refused to the next, and counts it', async () => {
  one.closeDoor();
  expect([await reached(), await reached()]).toEqual(['two', 'two']);
  expect(balancer.refused).toBeGreaterThan(0);
});

it('turns away when nobody is ready, and counts that', async () => {
  balancer.remove('one');
  balancer.remove('two');
  expect(await reached()).toBe('');
  expect(balancer.turnedAway).toBe(1);
});
