import { parseArgs } from 'node:util';

export const benchNames = ['ingest', 'e2e', 'timeline', 'start', 'rebuild', 'email'] as const;
export type BenchName = (typeof benchNames)[number];

export interface Options {
  name: BenchName;
  /** One JSON object per line, in place of the table. */
  json: boolean;
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

export const usage = `npm run bench -- ${benchNames.join('|')} [--runs 5] [--entries 1000000] [--profile] [--json]`;

/** Throws {@link WrongOptions}. */
export function optionsFrom(args: string[]): Options {
  const { values, positionals } = parsed(args);
  const name = benchNames.find((known) => known === positionals[0]);
  if (!name || positionals.length > 1) throw new WrongOptions(`Name one bench: ${benchNames.join(', ')}.`);
  return {
    name,
    json: values.json ?? false,
    profile: values.profile ?? false,
    runs: whole('runs', values.runs ?? '5', 1, 100),
    entries: whole('entries', values.entries ?? '1000000', 1000, 100_000_000),
  };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { json: flag, profile: flag, runs: text, entries: text };
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
