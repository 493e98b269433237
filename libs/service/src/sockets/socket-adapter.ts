import type { Server as HttpServer } from 'node:http';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { defer, filter, takeWhile } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { limitBacklog } from './backlog.ts';
import { forgetRequest, forgetUpgrades } from './forget-requests.ts';
import { MessageListeners } from './message-listeners.ts';

/** One frame of a client, in bytes: the longest text (100,000 characters) as UTF-8 with its envelope, never a file. */
const MAX_FRAME = 512 * 1024;

type Answers = Observable<{ event?: string; data?: unknown } | null | undefined>;

/**
 * The one Socket.IO server of the process, for all its namespaces, at `/socket.io` of the public port. WebSocket
 * first; long polling for networks that break it. What was missed is asked for by cursors, so there is no recovery
 * of its own to pay for. Most sockets are idle, so what one keeps is kept small; one that reads nothing is cut off.
 */
export class SocketAdapter extends IoAdapter {
  /** Undefined as long as no gateway exists. */
  server: Server | undefined;
  private readonly listeners = new MessageListeners((...heard) => this.hear(...heard));
  /** Nest's; the same for every gateway and client. */
  private answersOf: (result: unknown) => Answers = () => {
    throw new Error('No gateway has handed over its handlers.');
  };

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
    forgetUpgrades(this.server.engine);
    limitBacklog(this.server.engine);
    return this.server;
  }

  override bindClientConnect(server: Server, onConnect: (socket: Socket) => void): void {
    super.bindClientConnect(server, (socket: Socket) => {
      onConnect(socket);
      // Later, since each gateway of a namespace is told by itself.
      setImmediate(forgetRequest, socket);
    });
  }

  override bindMessageHandlers(
    socket: Socket,
    handlers: MessageMappingProperties[],
    transform: (result: unknown) => Answers,
  ): void {
    this.answersOf = transform;
    this.listeners.bind(socket, handlers);
  }

  /** As {@link IoAdapter} does it: an answer goes to the acknowledgement, or, when it names an event, as that. */
  private hear(socket: Socket, handler: MessageMappingProperties, payload: unknown[]): void {
    const { data, ack } = this.mapPayload(payload.length > 1 ? payload : payload[0]);
    const answers = defer(() => this.answersOf(handler.callback(data, ack)));
    answers
      .pipe(
        filter((answer) => answer !== null && answer !== undefined),
        takeWhile(() => socket.connected),
      )
      .subscribe({
        next: (answer) => {
          if (answer.event) socket.emit(answer.event, answer.data);
          else if (!handler.isAckHandledManually) ack?.(answer);
        },
        error: (error: unknown) => this.logger.error(error),
      });
  }
}
