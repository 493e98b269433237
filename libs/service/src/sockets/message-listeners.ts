import type { MessageMappingProperties } from '@nestjs/websockets';
import type { Socket } from 'socket.io';

/** Gets what a client said, for one of the handlers of its message. */
export type Hear = (socket: Socket, handler: MessageMappingProperties, payload: unknown[]) => void;
type Listener = (this: Socket, ...payload: unknown[]) => void;

/**
 * One listener for each message's name, whatever the number of sockets; of a socket there is only the list of handlers
 * that Nest makes for it. Nest's own way gives each socket an observable with its operators for every message it may
 * ever send: 4 KiB each, so 40 KiB for a visitor who says nothing (measured).
 */
export class MessageListeners {
  private readonly listeners = new Map<string, Listener>();
  private readonly handlers = new WeakMap<Socket, MessageMappingProperties[]>();

  constructor(private readonly hear: Hear) {}

  /** Called once for each gateway of the socket's namespace. */
  bind(socket: Socket, handlers: MessageMappingProperties[]): void {
    const before = this.handlers.get(socket) ?? [];
    const names = new Set(before.map(({ message }) => String(message)));
    this.handlers.set(socket, before.length === 0 ? handlers : [...before, ...handlers]);
    for (const { message } of handlers) {
      const name = String(message);
      if (names.has(name)) continue;
      names.add(name);
      socket.on(name, this.listenerOf(name));
    }
  }

  private listenerOf(name: string): Listener {
    const known = this.listeners.get(name);
    if (known) return known;
    const { handlers, hear } = this;
    const listener: Listener = function (...payload) {
      for (const handler of handlers.get(this) ?? [])
        if (String(handler.message) === name) hear(this, handler, payload);
    };
    this.listeners.set(name, listener);
    return listener;
  }
}
