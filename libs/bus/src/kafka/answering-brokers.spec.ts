import { type AddressInfo, createServer, type Server } from 'node:net';
import { systemClock } from '@yixian/contracts';
import { answeringFirst } from './answering-brokers.ts';

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

async function broker(answers: boolean): Promise<string> {
  const server = createServer((socket) => {
    socket.unref();
    if (answers) socket.on('data', () => socket.write('yes'));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('one that answers comes first, those that are silent or gone stay in the list', async () => {
  const [silent, alive] = [await broker(false), await broker(true)];
  const gone = '127.0.0.1:1';
  const order = await answeringFirst([silent, gone, alive], systemClock);
  expect(order[0]).toBe(alive);
  expect(order.toSorted()).toEqual([silent, gone, alive].toSorted());
});

test('when none answers, all are given', async () => {
  const silent = [await broker(false), await broker(false)];
  expect((await answeringFirst(silent, systemClock)).toSorted()).toEqual(silent.toSorted());
});
