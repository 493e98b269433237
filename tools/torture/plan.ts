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

const QUIET_START = 3000;
/** From one fault to the next, in ms. Faults of different targets overlap. */
const GAP = [700, 6000] as const;
/** Long enough to outlive every lease and timeout of a few seconds, in ms. */
const LONG = [8000, 16_000] as const;
const SHORT = [100, 4000] as const;

/** The faults of a run, in order. The same seed, length and targets give the same faults. */
export function planOf(seed: number, seconds: number, targets: Targets): Fault[] {
  const random = new Random(seed);
  const all = [...targets.processes, ...targets.links];
  const busyUntil = new Map<string, number>();
  const faults: Fault[] = [];
  for (let at = QUIET_START; at < seconds * 1000; at += random.between(...GAP)) {
    const fault = faultAt(at, random, { all, targets });
    if ((busyUntil.get(fault.target) ?? 0) > at) continue;
    // A target gets time to come back before it is hit again.
    busyUntil.set(fault.target, at + fault.lasts + 3000);
    faults.push(fault);
  }
  return faults;
}

function faultAt(at: number, random: Random, { all, targets }: { all: string[]; targets: Targets }): Fault {
  const target = random.one(all);
  const kind = random.one<FaultKind>(targets.processes.includes(target) ? processFaults : linkFaults);
  const [least, most] = random.chance(0.25) ? LONG : SHORT;
  const lasts = random.between(least, most);
  return { at, target, kind, lasts };
}

export const describeFault = ({ at, target, kind, lasts }: Fault): string =>
  `${(at / 1000).toFixed(1).padStart(7)} s  ${kind} ${target} for ${(lasts / 1000).toFixed(1)} s`;
