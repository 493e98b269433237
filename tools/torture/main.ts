import { mkdir } from 'node:fs/promises';
import type { Violation } from './checker.ts';
import { optionsFrom, usage, WrongOptions } from './options.ts';
import type { Options } from './options.ts';
import { describeFault } from './plan.ts';
import { buildPlanted } from './planted/build-planted.ts';
import { plants } from './planted/plants.ts';
import { Run } from './run.ts';
import type { Surroundings } from './run.ts';
import { scheduleOf } from './schedule.ts';
import { startSystem } from './system.ts';

/** Runs the torture, prints what it does, and gives the exit code. */
export async function main(args: string[], around: () => Promise<Surroundings>): Promise<number> {
  let options: Options;
  try {
    options = optionsFrom(args);
  } catch (error) {
    if (!(error instanceof WrongOptions)) throw error;
    console.error(`${error.message}\n${usage}`);
    return 2;
  }
  if (options.plan) {
    for (const fault of scheduleOf(options)) console.log(describeFault(fault));
    return 0;
  }
  const found = await torture(options, await around());
  return options.planted ? wanted(found, options.planted) : found.length === 0 ? 0 : 1;
}

async function torture(options: Options, around: Surroundings): Promise<Violation[]> {
  const { folder, onEnd } = around;
  await mkdir(folder, { recursive: true });
  if (options.planted) await buildPlanted(options.planted, around);
  const wrong: Violation[] = [];
  const onWrong = (who: string, says: string): void => {
    console.log(`!  ${who} ${says}`);
    wrong.push({ kind: 'process', who, says });
  };
  const system = await startSystem(options, { ...around, onWrong });
  onEnd(() => system.remove());
  const run = new Run(options, around, { system, wrong, onWrong });
  onEnd(() => run.end());
  return run.run();
}

/** With a planted bug it is the other way round: not to find what it looks like is to fail. */
function wanted(violations: Violation[], planted: NonNullable<Options['planted']>): number {
  const { says, looksLike } = plants[planted];
  const found = violations.filter((one) => looksLike.test(`${one.kind}: ${one.says}`));
  const how = found.length > 0 ? `was found ${found.length} times: ${found[0]!.says}` : 'was NOT FOUND';
  console.log(`The planted bug (${planted}: ${says}) ${how}.`);
  return found.length > 0 ? 0 : 1;
}
