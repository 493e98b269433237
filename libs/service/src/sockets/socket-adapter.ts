import type { Server as HttpServer } from 'node:http';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions, Socket } from 'socket.io';

/** One frame of a client, in bytes: the longest text (100,000 characters) as UTF-8 with its envelope, never a file. */
const MAX_FRAME = 512 * 1024;

/**
 * The one Socket.IO server of the process, for all its namespaces, at `/socket.io` of the public port. WebSocket
 * first; long polling for networks that break it. What was missed is asked for by cursors, so there is no recovery
 * of its own to pay for.
 */
export class SocketAdapter extends IoAdapter {
  /** Undefined as long as no gateway exists. */
  server: Server | undefined;

  constructor(http: HttpServer) {
    super(http);
  }

  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    this.server = super.createIOServer(port, {
      serveClient: false,
      transports: ['websocket', 'polling'],
      maxHttpBufferSize: MAX_FRAME,
      pingInterval: 25_000,
      pingTimeout: 20_000,
      connectTimeout: 10_000,
      // Text of this size is cheap to send and dear to compress per client.
      perMessageDeflate: false,
      httpCompression: false,
      ...options,
    } as ServerOptions) as Server;
    return this.server;
  }
  override bindClientConnect(server: Server, onConnect: (socket: Socket) => void): void {
    super.bindClientConnect(server, (socket: Socket) => {
      onConnect(socket);
      // The handshake has what anybody needs of the request; keeping it whole costs ~10 KB per socket.
      setImmediate(() => {
        (socket.conn as { request: unknown }).request = null;
      });
    });
  }
}
