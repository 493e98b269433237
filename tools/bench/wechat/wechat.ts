import { pause, systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { AES_KEY } from '../../../apps/wechat-adapter/testing/official-account-world.ts';
import type { OfficialAccountPeer } from '../../../apps/wechat-adapter/testing/tencent/official-account-peer.ts';
import { sealed } from '../../../apps/wechat-adapter/testing/tencent/push.ts';
import { WechatStage } from '../../../apps/wechat-adapter/testing/wechat-stage.ts';
import type { Around } from '../bench.ts';
import type { Measured } from '../figures.ts';
import { quantile } from '../figures.ts';
import type { Options } from '../options.ts';
import { profiled } from '../profile.ts';
import { openBareCallbacks } from './bare-callbacks.ts';
import { PushClient } from './push-client.ts';
import type { Push } from './push-client.ts';

const FOLLOWERS = 200;
/** Pushes of a run at full speed, and the connections that bring them. */
const PUSHES = 2_000;
const CONNECTIONS = 16;
/** Pushes per second of the run at a steady rate, and how many. */
const RATE = 200;
const STEADY = 1_000;
/** Tencent's many servers wait for no connection of each other: at a steady rate there is one for each push on its way. */
const STEADY_CONNECTIONS = RATE * 5;

interface Run {
  /** Callbacks per second. */
  rate: number;
  /** µs of processor time per callback, of server and client together. */
  time: number;
}

/** Encrypted pushes → durable on the bus, `success` said; beside a server that only decrypts. */
export async function* benchWechat(options: Options, { onEnd }: Around): AsyncIterable<Measured> {
  const stage = await WechatStage.open();
  onEnd(() => stage.close());
  const peer = await stage.officialAccount('bench');
  const bare = await openBareCallbacks(AES_KEY);
  onEnd(() => bare.close());
  const ours = new PushClient(peer.options.url, CONNECTIONS);
  const many = new PushClient(peer.options.url, STEADY_CONNECTIONS);
  const least = new PushClient(bare.url, CONNECTIONS);
  onEnd(async () => [ours, many, least].forEach((client) => client.close()));
  await all(ours, pushesOf(peer, FOLLOWERS));
  await all(least, pushesOf(peer, FOLLOWERS));
  const runs: { ours: Run; bare: Run; p99: number }[] = [];
  for (let round = 0; round < options.runs; round++) {
    const measure = () => measured(ours, pushesOf(peer, PUSHES));
    const isLast = options.profile && round === options.runs - 1;
    const run = await (isLast ? profiled('wechat', measure) : measure());
    const baseline = await measured(least, pushesOf(peer, PUSHES));
    runs.push({ ours: run, bare: baseline, p99: quantile(await steady(many, pushesOf(peer, STEADY)), 0.99) });
  }
  const sent = FOLLOWERS + options.runs * (PUSHES + STEADY);
  const stored = () => new Set(stage.messages('bench').map(({ id }) => id)).size;
  await eventually(() => stored() >= sent).catch(() => undefined);
  yield {
    name: 'wechat: callbacks lost',
    unit: 'callbacks',
    values: [sent - stored()],
    target: { atMost: 0 },
  };
  yield {
    name: 'wechat: callbacks per second',
    unit: '/s',
    values: runs.map((run) => run.ours.rate),
    baseline: { name: 'bare HTTP and AES', values: runs.map((run) => run.bare.rate) },
  };
  yield {
    name: 'wechat: processor time, client included',
    unit: 'µs/message',
    values: runs.map((run) => run.ours.time),
    baseline: { name: 'bare HTTP and AES', values: runs.map((run) => run.bare.time) },
  };
  yield {
    name: `wechat: p99 of the answer at ${RATE}/s`,
    unit: 'ms',
    values: runs.map(({ p99 }) => p99),
    target: { atMost: 200 },
  };
}

let lastId = 0;

/** Sealed just before they are sent: a signature grows stale. */
function pushesOf(peer: OfficialAccountPeer, count: number): Push[] {
  const seconds = Math.floor(systemClock.now() / 1000);
  return Array.from({ length: count }, (_, n) => {
    const openId = `bench-${n % FOLLOWERS}`;
    peer.follower(openId);
    const fields = {
      ToUserName: 'gh_bench',
      FromUserName: openId,
      CreateTime: seconds,
      MsgType: 'text',
      Content: `消息 ${n}`,
    };
    const { query, body } = sealed(peer.options, peer.written(fields, String(++lastId)), seconds);
    return { query: new URLSearchParams(query).toString(), body };
  });
}

async function all(client: PushClient, pushes: Push[]): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < pushes.length) await client.push(pushes[next++]!);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
}

async function measured(client: PushClient, pushes: Push[]): Promise<Run> {
  const used = process.cpuUsage();
  const from = systemClock.monotonic();
  await all(client, pushes);
  const seconds = (systemClock.monotonic() - from) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { rate: pushes.length / seconds, time: (user + system) / pushes.length };
}

/** Each at its time, whatever became of the one before. */
async function steady(client: PushClient, pushes: Push[]): Promise<number[]> {
  const from = systemClock.monotonic();
  const answers: Promise<number>[] = [];
  for (const [n, push] of pushes.entries()) {
    const early = from + (n * 1000) / RATE - systemClock.monotonic();
    if (early > 0) await pause(systemClock, early);
    answers.push(client.push(push));
  }
  return Promise.all(answers);
}
