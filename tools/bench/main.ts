import 'reflect-metadata';
import type { Around, Bench } from './bench.ts';
import { benchE2e } from './e2e/e2e.ts';
import { benchEmail } from './email/email.ts';
import { figureOf, lineOf } from './figures.ts';
import { benchIngest } from './ingest/ingest.ts';
import type { BenchName, Options } from './options.ts';
import { optionsFrom, usage, WrongOptions } from './options.ts';
import { benchRebuild } from './rebuild.ts';
import { benchStart } from './start.ts';
import { benchTimeline } from './timeline/timeline.ts';

const benches: Record<BenchName, Bench> = {
  ingest: benchIngest,
  e2e: benchE2e,
  timeline: benchTimeline,
  start: benchStart,
  rebuild: benchRebuild,
  email: benchEmail,
};

/** Runs one bench, prints its figures as they come, and gives the exit code: a missed target is no error. */
export async function main(args: string[], around: Around): Promise<number> {
  let options: Options;
  try {
    options = optionsFrom(args);
  } catch (error) {
    if (!(error instanceof WrongOptions)) throw error;
    console.error(`${error.message}\n${usage}`);
    return 2;
  }
  for await (const measured of benches[options.name](options, around)) {
    const figure = figureOf(measured);
    console.log(options.json ? JSON.stringify(figure) : lineOf(figure));
  }
  return 0;
}
