import { parseArgs } from 'node:util';
import { plants } from './planted/plants.ts';
import type { PlantName } from './planted/plants.ts';
import { targetsOf } from './schedule.ts';

export interface Options {
  /** How long faults and load go on. */
  seconds: number;
  seed: number;
  /** Services on Kafka, in place of everything in one process. */
  kafka: boolean;
  brokers: 1 | 3;
  /** Messages that all customers together write per second. */
  rate: number;
  /** Processes of the standalone app on one database; hubs with Kafka. */
  replicas: number;
  /** Kills alone, one and a half a second apart at most, in place of faults of every kind. */
  storm: boolean;
  /** This one alone is killed, again and again, with time to come back and to work in between. */
  raids: string | undefined;
  /** The bug that is put into a copy of the sources, and must be found. */
  planted: PlantName | undefined;
  /** Print the fault schedule and do nothing. */
  plan: boolean;
  /** Keep the journals and logs of a run in which all was well. */
  keep: boolean;
  /** How much the apps log. */
  log: string;
}

export class WrongOptions extends Error {
  override readonly name = 'WrongOptions';
  readonly code = 'wrong_options';
}

export const usage =
  'npm run torture -- [--seconds 60] [--seed 1] [--rate 100] [--replicas N] [--storm | --raids postgres] [--kafka [--brokers 1|3]] ' +
  `[--planted ${Object.keys(plants).join('|')}] [--plan] [--keep] [--log info]`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = {
  seconds: text,
  seed: text,
  rate: text,
  replicas: text,
  brokers: text,
  planted: text,
  raids: text,
  log: text,
  storm: flag,
  kafka: flag,
  plan: flag,
  keep: flag,
};

/** Throws {@link WrongOptions}. */
export function optionsFrom(args: string[]): Options {
  const { values } = parsed(args);
  const { kafka = false, storm = false, plan = false, keep = false, log = 'info' } = values;
  const brokers = whole('brokers', values.brokers ?? '1', 1, 3);
  if (brokers === 2) throw new WrongOptions('--brokers is 1 or 3.');
  const planted = plantNamed(values.planted);
  const fewest = kafka || planted ? '2' : storm ? '3' : '1';
  const raids = values.raids ?? (planted && !storm ? plants[planted].raids : undefined);
  const options = {
    seconds: whole('seconds', values.seconds ?? '60', 5, 86_400),
    seed: whole('seed', values.seed ?? '1', 0, 2 ** 31),
    rate: whole('rate', values.rate ?? '100', 1, 10_000),
    replicas: whole('replicas', values.replicas ?? fewest, 1, 8),
    brokers: brokers as Options['brokers'],
    kafka,
    storm,
    raids,
    planted,
    plan,
    keep,
    log,
  };
  if (raids === undefined || targetsOf(options).processes.includes(raids)) return options;
  throw new WrongOptions(`--raids is one of ${targetsOf(options).processes.join(', ')}.`);
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: known });
  } catch (error) {
    throw new WrongOptions((error as Error).message);
  }
}

function plantNamed(name: string | undefined): PlantName | undefined {
  if (name === undefined || Object.hasOwn(plants, name)) return name as PlantName | undefined;
  throw new WrongOptions(`--planted is one of ${Object.keys(plants).join(', ')}.`);
}

function whole(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new WrongOptions(`--${name} is a whole number from ${least} to ${most}.`);
}
