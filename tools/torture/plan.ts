import { Random } from './random.ts';

/** What can be done to a process. `stop`: SIGTERM, and started again. `freeze`: SIGSTOP. `kill`: SIGKILL. */
export const processFaults = ['kill', 'freeze', 'stop'] as const;
/**
 * What can be done to a link. `cut`: both ends hear of it. `half-open`: the far end goes, the near one hears nothing.
 * `ghost`: the near end goes, the far one hears nothing. `stall`: nothing gets through, then all of it. `slow`.
 */
export const linkFaults = ['cut', 'half-open', 'ghost', 'stall', 'slow'] as const;
export type FaultKind = (typeof processFaults)[number] | (typeof linkFaults)[number];

export interface Fault {
  /** Milliseconds after the load began. */
  at: number;
  target: string;
  kind: FaultKind;
  /** Milliseconds until it is healed. */
  lasts: number;
}

/** What can be broken, by name. */
export interface Targets {
  processes: string[];
  links: string[];
}

type Span = readonly [least: number, most: number];

/** How faults come; all in ms. */
interface Weather {
  /** From one fault to the next. Faults of different targets overlap. */
  gap: Span;
  short: Span;
  long: Span;
  /** How often a fault is a long one. */
  longShare: number;
  /** A target gets time to come back before it is hit again. */
  rest: number;
  /** All, or these alone. */
  only?: FaultKind;
}

const weathers = {
  /** Everything that can be done to anything; a long fault outlives every lease and timeout of a few seconds. */
  usual: { gap: [700, 6000], short: [100, 4000], long: [8000, 16_000], longShare: 0.25, rest: 3000 },
  /** Kills alone, as fast as what was killed can be back. */
  storm: {
    gap: [700, 2100],
    short: [20, 300],
    long: [1000, 4000],
    longShare: 0.02,
    rest: 2500,
    only: 'kill',
  },
  /** Kills of a few targets, with time between them to come back and to work. */
  raids: { gap: [4000, 8000], short: [20, 300], long: [20, 300], longShare: 0, rest: 3000, only: 'kill' },
} satisfies Record<string, Weather>;
export type WeatherName = keyof typeof weathers;

const QUIET_START = 3000;

/** The faults of a run, in order. The same seed, length, targets and weather give the same faults. */
export function planOf(
  seed: number,
  seconds: number,
  targets: Targets,
  weather: WeatherName = 'usual',
): Fault[] {
  const random = new Random(seed);
  const { gap, rest, only }: Weather = weathers[weather];
  const hit = only ? { processes: targets.processes, links: [] } : targets;
  const busyUntil = new Map<string, number>();
  const faults: Fault[] = [];
  for (let at = QUIET_START; at < seconds * 1000; at += random.between(...gap)) {
    const idle = [...hit.processes, ...hit.links].filter((one) => (busyUntil.get(one) ?? 0) <= at);
    if (idle.length === 0) continue;
    const fault = faultOn(random.one(idle), at, random, { ...weathers[weather], targets: hit });
    busyUntil.set(fault.target, at + fault.lasts + rest);
    faults.push(fault);
  }
  return faults;
}

function faultOn(
  target: string,
  at: number,
  random: Random,
  { targets, only, longShare, long, short }: Weather & { targets: Targets },
): Fault {
  const possible = targets.processes.includes(target) ? processFaults : linkFaults;
  const kind = only ?? random.one<FaultKind>(possible);
  const lasts = random.between(...(random.chance(longShare) ? long : short));
  return { at, target, kind, lasts };
}

export const describeFault = ({ at, target, kind, lasts }: Fault): string =>
  `${(at / 1000).toFixed(1).padStart(7)} s  ${kind} ${target} for ${(lasts / 1000).toFixed(1)} s`;
