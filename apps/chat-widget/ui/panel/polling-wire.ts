import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Wire, WireOptions } from './wire.ts';

/** The official client gives up when it is refused; milliseconds until it asks again, unless it is closed. */
const RETRY = 5000;

/** The official client over HTTP polling, for networks that forbid WebSockets. A chunk of its own, seldom loaded. */
export class PollingWire implements Wire {
  private readonly socket: Socket;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, { namespace, auth, on }: WireOptions) {
    this.socket = io(url + namespace, { auth: (give) => give(auth()), transports: ['polling', 'websocket'] });
    this.socket.on('connect', () => on.up());
    this.socket.on('disconnect', () => on.down());
    this.socket.on('connect_error', (error: Error & { data?: { code: string; message: string } }) => {
      if (!error.data) return;
      this.retry = setTimeout(() => this.socket.connect(), RETRY);
      on.refused(error.data);
    });
    this.socket.onAny((name: string, data: unknown) => on.event(name, data));
  }

  ask(name: string, data: unknown): Promise<unknown> {
    if (!this.socket.connected) return Promise.reject(new Error('down'));
    return this.socket.timeout(12_000).emitWithAck(name, data);
  }

  reopen(): void {
    this.socket.disconnect().connect();
  }

  close(): void {
    clearTimeout(this.retry);
    this.socket.close();
  }
}
