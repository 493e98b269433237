import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { eventually } from '@yixian/contracts/testing';
import { from, mergeAll, of } from 'rxjs';
import type { Namespace, Server, Socket } from 'socket.io';
import { io } from 'socket.io-client';
import type { Socket as Client } from 'socket.io-client';
import { SocketAdapter } from './socket-adapter.ts';

type Handler = (socket: Socket, data: unknown) => unknown;

let http: HttpServer;
let adapter: SocketAdapter;
let namespace: Namespace;
const clients: Client[] = [];

// The faults below are meant.
beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => {
  http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  adapter = new SocketAdapter(http);
  namespace = adapter.createIOServer(0).of('/desk');
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.disconnect());
  await adapter.server?.close();
});

/** As Nest does it for a gateway with these handlers: bound to each client anew. */
function gateway(handlers: Record<string, Handler>): void {
  adapter.bindClientConnect(namespace as unknown as Server, (socket) => {
    const bound = Object.entries(handlers).map(([message, handler]) => ({
      message,
      methodName: message,
      callback: async (data: unknown) => handler(socket, data),
      isAckHandledManually: false,
    }));
    adapter.bindMessageHandlers(socket, bound as unknown as MessageMappingProperties[], (result) =>
      from((result as Promise<unknown>).then((answer) => of(answer as object))).pipe(mergeAll()),
    );
  });
}

async function connect(options: Parameters<typeof io>[1] = {}): Promise<Client> {
  const { port } = http.address() as AddressInfo;
  const all = { transports: ['websocket'], forceNew: true, ...options };
  const client = io(`http://127.0.0.1:${port}/desk`, all);
  clients.push(client);
  await new Promise<void>((resolve) => client.once('connect', resolve));
  return client;
}

describe('a message of a client', () => {
  it('is heard by the handlers of its own socket, and answered', async () => {
    gateway({ whose: (socket) => socket.id, twice: (_, data) => Number(data) * 2 });
    const [one, other] = [await connect(), await connect()];
    expect(await one.emitWithAck('whose')).toBe(one.id);
    expect(await other.emitWithAck('whose')).toBe(other.id);
    expect(await one.emitWithAck('twice', 21)).toBe(42);
  });

  it('is heard by every gateway of the namespace', async () => {
    const heard: string[] = [];
    gateway({ say: () => void heard.push('first') });
    gateway({ say: () => void heard.push('second'), ask: () => 'answered' });
    const client = await connect();
    client.emit('say');
    expect(await client.emitWithAck('ask')).toBe('answered');
    expect(heard).toEqual(['first', 'second']);
  });

  it('may be answered by an event, and one whose handler fails is no end of the others', async () => {
    gateway({
      greet: (_, name) => ({ event: 'greeting', data: `hello ${String(name)}` }),
      fail: () => {
        throw new Error('a fault');
      },
    });
    const client = await connect();
    const greeting = new Promise((resolve) => client.once('greeting', resolve));
    client.emit('fail');
    client.emit('greet', 'Lin');
    expect(await greeting).toBe('hello Lin');
  });
});

describe('the request that a socket came by', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;

  /** Every request is remembered here without being held. */
  function requests(): WeakRef<IncomingMessage>[] {
    const seen: WeakRef<IncomingMessage>[] = [];
    for (const event of ['request', 'upgrade'])
      http.prependListener(event, (request: IncomingMessage) => seen.push(new WeakRef(request)));
    return seen;
  }

  it.each([[['websocket']], [['polling', 'websocket']]])('is let go of: %j', async (transports) => {
    const seen = requests();
    gateway({ here: () => 'here' });
    const client = await connect({ transports, extraHeaders: { cookie: 'secret=1' }, auth: { token: 't' } });
    await eventually(() => expect(client.io.engine.transport.name).toBe('websocket'));
    await eventually(() => {
      gc();
      expect(seen.filter((request) => request.deref())).toEqual([]);
    });
    expect(seen.length).toBeGreaterThan(0);
    const [socket] = namespace.sockets.values();
    expect(JSON.stringify(socket!.handshake)).not.toMatch(/secret|token/);
    expect(await client.emitWithAck('here')).toBe('here');
  });

  it('is there as long as the socket is not let in', async () => {
    let cookie: string | undefined;
    namespace.use((socket, next) => {
      ({ cookie } = socket.handshake.headers);
      next();
    });
    gateway({});
    await connect({ extraHeaders: { cookie: 'secret=1' } });
    expect(cookie).toBe('secret=1');
  });
});
