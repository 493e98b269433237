import 'reflect-metadata';
import type { Around, Bench } from './bench.ts';
import { benchE2e } from './e2e/e2e.ts';
import { benchEmail } from './email/email.ts';
import { benchFanout } from './fanout/fanout.ts';
import { figureOf, lineOf } from './figures.ts';
import { benchIdle } from './idle/idle.ts';
import { benchIngest } from './ingest/ingest.ts';
import type { BenchName, Options } from './options.ts';
import { optionsFrom, usage, WrongOptions } from './options.ts';
import { benchRebuild } from './rebuild.ts';
import { benchPeers } from './peers/peers.ts';
import { benchPoison } from './poison/poison.ts';
import { benchSockets } from './sockets/sockets.ts';
import { benchStart } from './start.ts';
import { benchTimeline } from './timeline/timeline.ts';
import { benchWechat } from './wechat/wechat.ts';

const benches: Record<BenchName, Bench> = {
  ingest: benchIngest,
  e2e: benchE2e,
  timeline: benchTimeline,
  fanout: benchFanout,
  sockets: benchSockets,
  idle: benchIdle,
  poison: benchPoison,
  start: benchStart,
  rebuild: benchRebuild,
  email: benchEmail,
  peers: benchPeers,
  wechat: benchWechat,
};

/** Runs the benches, prints their figures as they come, and gives the exit code: a missed target is no error. */
export async function main(args: string[], around: Around): Promise<number> {
  let options: Options;
  try {
    options = optionsFrom(args);
  } catch (error) {
    if (!(error instanceof WrongOptions)) throw error;
    console.error(`${error.message}\n${usage}`);
    return 2;
  }
  for (const name of options.names) {
    for await (const measured of benches[name](options, around)) {
      const figure = figureOf(measured);
      console.log(options.json ? JSON.stringify(figure) : lineOf(figure));
    }
    await around.endAll();
  }
  return 0;
}
