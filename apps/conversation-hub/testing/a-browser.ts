import type { DeskEvent } from '@yixian/contracts';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { LoggedIn } from './a-desk.ts';

type EventOf<T extends DeskEvent['type']> = Extract<DeskEvent, { type: T }>;

/** An agent's browser on the desk's socket, which keeps all it heard. */
export class Browser {
  readonly events: DeskEvent[] = [];
  /** How many events came in each packet. */
  readonly packets: number[] = [];
  resyncs = 0;

  private constructor(readonly socket: Socket) {
    socket.on('events', (events: DeskEvent[]) => {
      this.packets.push(events.length);
      this.events.push(...events);
    });
    socket.on('resync', () => (this.resyncs += 1));
  }

  /** Connects, or rejects with the reason's code. */
  static async open(
    url: string,
    options: { auth?: object; headers?: Record<string, string> },
  ): Promise<Browser> {
    const { auth, headers } = options;
    const socket = io(`${url}/agent`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...(auth && { auth }),
      ...(headers && { extraHeaders: headers }),
    });
    const browser = new Browser(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error) => {
        socket.disconnect();
        reject(error);
      });
    });
    return browser;
  }

  /** From the inbox's own page. */
  static of(agent: LoggedIn, url = agent.url): Promise<Browser> {
    return Browser.open(url, { headers: { cookie: agent.cookie, origin: url } });
  }

  ask<T>(message: string, body: unknown = {}): Promise<T> {
    return this.socket.timeout(5000).emitWithAck(message, body) as Promise<T>;
  }

  heard<T extends DeskEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  close(): void {
    this.socket.disconnect();
  }
}
