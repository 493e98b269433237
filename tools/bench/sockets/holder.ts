import { NamespaceSocket } from '../e2e/namespace-socket.ts';
import { WebSocketClient } from '../e2e/web-socket.ts';
import { obeying } from '../child.ts';
import type { Answer, Order } from './orders.ts';

/** Sockets that are being opened at the same time. */
const AT_ONCE = 40;

type Held = Pick<WebSocketClient, 'close' | 'stopReading'>;

let held: Held[] = [];
/** Closed by the other side. */
let closed = 0;
let closing = false;

function open(order: Order & { do: 'open' }): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEnd = (why = 'closed'): void => {
      if (!closing) closed += 1;
      reject(new Error(`A socket could not be held: ${why}`));
    };
    const { port, namespace, auth = {}, path = '/' } = order;
    held.push(
      namespace === undefined
        ? bare({ port, path }, order.greeting, { resolve, onEnd })
        : new NamespaceSocket(port, namespace, auth, { onFrame: () => {}, onReady: resolve, onEnd }),
    );
  });
}

function bare(
  to: { port: number; path: string },
  greeting: string | undefined,
  { resolve, onEnd }: { resolve: () => void; onEnd: () => void },
): WebSocketClient {
  const onOpen = (): void => (greeting === undefined ? resolve() : client.send(greeting));
  const client: WebSocketClient = new WebSocketClient(to, resolve, onEnd, onOpen);
  return client;
}

async function openAll(order: Order & { do: 'open' }): Promise<void> {
  for (let left = order.count; left > 0; left -= AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, () => open(order)));
}

/** Holds sockets open and answers pings, in a process of its own. */
obeying<Order, Answer>(async (order) => {
  if (order.do === 'open') await openAll(order);
  if (order.do === 'stall') for (const one of held.slice(0, order.count)) one.stopReading();
  if (order.do === 'close') {
    closing = true;
    for (const one of held) one.close();
    held = [];
    await new Promise((resolve) => setTimeout(resolve, 500));
    closing = false;
  }
  return { open: held.length, closed };
});
