import type { Clock } from '@yixian/contracts';
import { pause } from '@yixian/contracts';
import type { Server } from 'socket.io';

/** Connections closed at a time, and the pause between: 10,000 are gone in about 5 s, and nobody is stormed. */
const BATCH = 100;
const BETWEEN = 50;

/**
 * Sends every browser elsewhere, also those that come while the rest goes: a connection that was accepted before the
 * server closed may ask for a socket afterwards, and would keep the process from ending. The connection is closed below
 * Socket.IO: a `disconnect` from the server would tell the browser not to come back.
 */
export async function drainSockets(server: Server, clock: Clock, signal: AbortSignal): Promise<number> {
  server.engine.on('connection', (late: Connection) => late.close());
  const connections = [...connectionsOf(server)];
  for (let next = 0; next < connections.length && !signal.aborted; next += BATCH) {
    for (const connection of connections.slice(next, next + BATCH)) connection.close();
    await pause(clock, BETWEEN, signal);
  }
  return connections.length;
}

interface Connection {
  close(discard?: boolean): void;
}

/** The engine below holds each connection once, whatever namespaces it carries. */
function connectionsOf(server: Server): Iterable<Connection> {
  return Object.values((server.engine as unknown as { clients: Record<string, Connection> }).clients);
}
