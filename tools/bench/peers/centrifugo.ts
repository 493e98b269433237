import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import { freePort } from '../app.ts';
import type { Around } from '../bench.ts';
import { Child } from '../child.ts';
import { stampedText } from '../e2e/stamp.ts';
import { deskWithBrowsers, perDelivery } from '../fanout/fanout.ts';
import type { Measured } from '../figures.ts';
import type { Options } from '../options.ts';
import { watchTime } from '../processor-time.ts';
import type { Answer, Order } from '../sockets/orders.ts';
import { listening } from './peers.ts';

const SUBSCRIBERS = 1000;
const KEY = 'bench';
const SUBSCRIBE = '{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"all"}}';

/** One frame to a thousand subscribers: what it costs Centrifugo, and what it costs the desk's sockets. */
export async function* centrifugoFanout(
  options: Options,
  around: Around,
  program: string,
): AsyncIterable<Measured> {
  const rounds = options.short ? 60 : 300;
  const { port, pid } = await started(around, program);
  const holder = new Child<Order, Answer>(await around.bundle('sockets/holder'));
  around.onEnd(() => holder.end());
  const path = '/connection/websocket';
  await holder.obey({ do: 'open', port, count: SUBSCRIBERS, path, greeting: SUBSCRIBE });
  const desk = await deskWithBrowsers(around);
  const theirs: number[] = [];
  const ours: number[] = [];
  for (let run = -1; run < options.runs; run++) {
    const used = watchTime(pid);
    for (let round = 0; round < rounds; round++) await publish(port, round);
    await pause(systemClock, 200);
    const spent = used()[0]! / (rounds * SUBSCRIBERS);
    const own = await perDelivery(desk, { rounds, messages: 1 });
    // The first run warms up.
    if (run < 0) continue;
    theirs.push(spent);
    ours.push(own);
  }
  await Promise.all([holder.end(), desk.end()]);
  yield {
    name: 'peers: processor time of one frame to one of 1,000 browsers',
    unit: 'µs',
    values: ours,
    baseline: { name: 'Centrifugo', values: theirs },
    target: { ratioAtMost: 1 },
  };
}

async function started(around: Around, program: string): Promise<{ port: number; pid: number }> {
  const port = await freePort();
  const folder = join(around.folder, 'centrifugo');
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'config.json');
  const settings = {
    address: '127.0.0.1',
    port: `${port}`,
    api_key: KEY,
    token_hmac_secret_key: KEY,
    client_insecure: true,
    log_level: 'error',
  };
  writeFileSync(config, JSON.stringify(settings));
  const log = openSync(join(folder, 'log'), 'w');
  const child = spawn(program, ['-c', config], { stdio: ['ignore', log, log] });
  around.onEnd(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  await listening(port);
  return { port, pid: child.pid! };
}

async function publish(port: number, round: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/publish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY },
    body: JSON.stringify({ channel: 'all', data: { text: stampedText(round, 0) } }),
  });
  if (!answer.ok) throw new Error(`Centrifugo answers ${answer.status}.`);
}
