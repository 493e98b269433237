import { parseArgs } from 'node:util';

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
  /** Print the fault schedule and do nothing. */
  plan: boolean;
  /** Keep the journals and logs of a run in which all was well. */
  keep: boolean;
}

export class WrongOptions extends Error {
  override readonly name = 'WrongOptions';
  readonly code = 'wrong_options';
}

export const usage =
  'npm run torture -- [--seconds 60] [--seed 1] [--rate 100] [--replicas N] [--kafka [--brokers 1|3]] [--plan] [--keep]';

/** Throws {@link WrongOptions}. */
export function optionsFrom(args: string[]): Options {
  const { values } = parsed(args);
  const kafka = values.kafka ?? false;
  const brokers = whole('brokers', values.brokers ?? '1', 1, 3);
  if (brokers === 2) throw new WrongOptions('--brokers is 1 or 3.');
  return {
    seconds: whole('seconds', values.seconds ?? '60', 5, 86_400),
    seed: whole('seed', values.seed ?? '1', 0, 2 ** 31),
    rate: whole('rate', values.rate ?? '100', 1, 10_000),
    replicas: whole('replicas', values.replicas ?? (kafka ? '2' : '1'), 1, 4),
    brokers: brokers as 1 | 3,
    kafka,
    plan: values.plan ?? false,
    keep: values.keep ?? false,
  };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      options: {
        seconds: text,
        seed: text,
        rate: text,
        replicas: text,
        brokers: text,
        kafka: flag,
        plan: flag,
        keep: flag,
      },
    });
  } catch (error) {
    throw new WrongOptions((error as Error).message);
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new WrongOptions(`--${name} is a whole number from ${least} to ${most}.`);
}
