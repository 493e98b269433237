import { SocketWire } from './socket-wire.ts';
import type { Wire, WireOptions } from './wire.ts';

/** Connects to our own origin: by WebSocket, or, where that is barred, by the official client's polling. */
export function connect(options: WireOptions): Wire {
  const url = `${location.origin.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
  let closed = false;
  let wire: Wire = new SocketWire(url, options, () => {
    void import('./polling-wire.ts').then(({ PollingWire }) => {
      if (!closed) wire = new PollingWire(location.origin, options);
    });
  });
  return {
    ask: (name, data) => wire.ask(name, data),
    reopen: () => {
      closed = false;
      wire.reopen();
    },
    close: () => {
      closed = true;
      wire.close();
    },
  };
}
