import { parseArgs } from 'node:util';

export const benchNames = [
  'ingest',
  'e2e',
  'timeline',
  'fanout',
  'sockets',
  'idle',
  'poison',
  'start',
  'rebuild',
  'email',
  'wechat',
] as const;
/** Beside others' programs, which are fetched and built for it: only when asked for. */
const alsoKnown = [...benchNames, 'peers'] as const;
export type BenchName = (typeof alsoKnown)[number];

export interface Options {
  /** What to measure, in this order. */
  names: readonly BenchName[];
  /** One JSON object per line, in place of the table. */
  json: boolean;
  /** Through a real Kafka, where the bench can. */
  kafka: boolean;
  /** As little as shows whether something is badly wrong: for machines that many share. */
  short: boolean;
  /** Leave a CPU profile of our own side. */
  profile: boolean;
  runs: number;
  /** Timeline entries to read from, or to rebuild. */
  entries: number;
}

export class WrongOptions extends Error {
  override readonly name = 'WrongOptions';
  readonly code = 'wrong_options';
}

export const usage = `npm run bench -- [${alsoKnown.join('|')}] [--kafka] [--runs 5] [--entries 1000000] [--short] [--profile] [--json]`;

/** Throws {@link WrongOptions}. */
export function optionsFrom(args: string[]): Options {
  const { values, positionals } = parsed(args);
  const names = positionals.length === 0 ? benchNames : positionals.map(nameIn);
  const short = values.short ?? false;
  return {
    names,
    json: values.json ?? false,
    kafka: values.kafka ?? false,
    short,
    profile: values.profile ?? false,
    runs: whole('runs', values.runs ?? (short ? '1' : '5'), 1, 100),
    entries: whole('entries', values.entries ?? (short ? '20000' : '1000000'), 1000, 100_000_000),
  };
}

function nameIn(text: string): BenchName {
  const name = alsoKnown.find((known) => known === text);
  if (!name) throw new WrongOptions(`There is no bench "${text}": there are ${alsoKnown.join(', ')}.`);
  return name;
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { json: flag, kafka: flag, short: flag, profile: flag, runs: text, entries: text };
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new WrongOptions((error as Error).message);
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new WrongOptions(`--${name} is a whole number from ${least} to ${most}.`);
}
