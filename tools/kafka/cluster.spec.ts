import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { startKafka } from './cluster.mjs';

jest.setTimeout(120_000);

/** A process of its own that starts a broker, prints its address and then waits. */
async function starter(environment: NodeJS.ProcessEnv = {}): Promise<{ child: ChildProcess; said: string }> {
  const cluster = new URL('./cluster.mjs', import.meta.url).href;
  const script = `import { startKafka } from ${JSON.stringify(cluster)};
    startKafka().then((c) => console.log(c.brokers.join()), (e) => console.log(e.message));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, said: line.toString().trim() };
}

function accepts(broker: string): Promise<boolean> {
  const [host, port] = broker.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), host!);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function closes(broker: string): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(50)) {
    if (!(await accepts(broker))) return true;
  }
  return false;
}

test('a broker is killed and started again with its data', async () => {
  const kafka = await startKafka({ sessionTimeoutMs: 2000 });
  const [broker] = kafka.brokers as [string];
  expect(await accepts(broker)).toBe(true);
  await kafka.kill(1);
  expect(await accepts(broker)).toBe(false);
  expect(await kafka.status()).toMatchObject([{ id: 1, up: false }]);
  await kafka.start(1);
  expect(await accepts(broker)).toBe(true);
  await expect(kafka.freeze(4)).rejects.toThrow('There is no broker 4');
  await kafka.down();
  expect(await accepts(broker)).toBe(false);
});

test('brokers end with the process that started them, even when it is killed', async () => {
  const { child, said } = await starter();
  expect(await accepts(said)).toBe(true);
  child.kill('SIGKILL');
  expect(await closes(said)).toBe(true);
});

test('given brokers are used, and not harmed', async () => {
  process.env.KAFKA_BROKERS = 'kafka-1:9092,kafka-2:9092';
  try {
    const kafka = await startKafka({ brokers: 3 });
    expect(kafka.brokers).toEqual(['kafka-1:9092', 'kafka-2:9092']);
    await expect(kafka.kill(1)).rejects.toThrow('given by KAFKA_BROKERS');
  } finally {
    delete process.env.KAFKA_BROKERS;
  }
});
