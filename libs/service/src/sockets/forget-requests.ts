import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'socket.io';

type Engine = Server['engine'];
type UpgradeResponse = { req: unknown };

const NOTHING = Object.freeze({});

/**
 * Engine.IO gives its middlewares a response for an upgrade, which listens for the end of the connection and so keeps
 * the request, with all its headers, for as long. Nobody can use it once the headers are written.
 */
export function forgetUpgrades(engine: Engine): void {
  const responses = new WeakMap<IncomingMessage, UpgradeResponse>();
  engine.use((request: IncomingMessage, response: UpgradeResponse, next: () => void) => {
    if (!(response instanceof ServerResponse)) responses.set(request, response);
    next();
  });
  engine.on('headers', (_: unknown, request: IncomingMessage) => {
    const response = responses.get(request);
    if (response) response.req = undefined;
  });
}

/**
 * To be called once a socket was let in: what its request and its handshake held (headers, cookies, tokens) is for the
 * door alone. Of the handshake there remain the address and the time.
 */
export function forgetRequest({ conn, handshake }: Socket): void {
  (conn as { request: unknown }).request = null;
  Object.assign(handshake, { headers: NOTHING, query: NOTHING, auth: NOTHING, url: '', time: '' });
}
