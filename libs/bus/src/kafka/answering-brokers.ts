import { connect } from 'node:net';
import type { Clock } from '@yixian/contracts';

/** ApiVersions v0 without a client id: the one request that every Kafka broker answers before all others. */
const QUESTION = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
const PATIENCE_MS = 500;

/**
 * The brokers, in an order that begins with one that answers now. A frozen broker takes connections and then says
 * nothing: kafkajs would wait for it for seconds, once in each new client.
 */
export async function answeringFirst(brokers: readonly string[], clock: Clock): Promise<string[]> {
  const order = shuffled(brokers);
  if (order.length === 1) return order;
  const first = await new Promise<string | undefined>((resolve) => {
    const questions = order.map((broker) => ask(broker, () => resolve(broker)));
    const cancel = clock.after(PATIENCE_MS, () => resolve(undefined));
    void Promise.allSettled(questions.map(({ closed }) => closed)).then(() => {
      cancel();
      resolve(undefined);
    });
    clock.after(PATIENCE_MS, () => questions.forEach(({ end }) => end()));
  });
  return first === undefined ? order : [first, ...order.filter((broker) => broker !== first)];
}

function ask(broker: string, onAnswer: () => void): { closed: Promise<void>; end: () => void } {
  const at = broker.lastIndexOf(':');
  const socket = connect(Number(broker.slice(at + 1)), broker.slice(0, at));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // It does not answer; that is all there is to know.
  socket.once('connect', () => socket.write(QUESTION));
  socket.once('data', () => {
    onAnswer();
    socket.destroy();
  });
  return { closed, end: () => socket.destroy() };
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
