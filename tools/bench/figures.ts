import { loadavg } from 'node:os';

/** What a figure should be, as a bound on itself or on its ratio to the baseline of the same run. */
export type Target =
  { atMost: number } | { atLeast: number } | { ratioAtMost: number } | { ratioAtLeast: number };

export interface Measured {
  name: string;
  unit: string;
  /** One value per run. */
  values: number[];
  /** What the same machine did in the same run, another way, one value per run. */
  baseline?: { name: string; values: number[] };
  target?: Target;
}

/** One line of `--json`. `value` and `baseline` are medians of the runs. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  baseline: number | null;
  baselineName: string | null;
  ratio: number | null;
  target: string | null;
  holds: boolean | null;
  min: number;
  max: number;
  runs: number;
  /** Of the machine when it was measured: what ran beside it. */
  load: number;
}

export function figureOf({ name, unit, values, baseline, target }: Measured): Figure {
  const value = median(values);
  const base = baseline && median(baseline.values);
  const ratio = base ? value / base : null;
  return {
    name,
    value: rounded(value),
    unit,
    baseline: base === undefined ? null : rounded(base),
    baselineName: baseline?.name ?? null,
    ratio: ratio === null ? null : rounded(ratio),
    target: target ? inWords(target, unit) : null,
    holds: target ? holds(target, value, ratio) : null,
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
    runs: values.length,
    load: rounded(loadavg()[0]!),
  };
}

/** As people read it: one line per figure, the target beside it. */
export function lineOf(figure: Figure): string {
  const { name, value, unit, min, max, runs, baseline, baselineName, ratio, target, holds: held } = figure;
  const spread = runs > 1 ? ` (${min}–${max}, ${runs} runs)` : '';
  const beside = baseline === null ? '' : `; ${baselineName}: ${baseline}, ratio ${ratio}`;
  const wanted = target === null ? '' : `; target ${target}: ${held ? 'holds' : 'MISSED'}`;
  return `${name}: ${value} ${unit}${spread}${beside}${wanted}`;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which a share of all values lies; 0.5 is the median. */
export function quantile(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function holds(target: Target, value: number, ratio: number | null): boolean {
  if ('atMost' in target) return value <= target.atMost;
  if ('atLeast' in target) return value >= target.atLeast;
  if (ratio === null) return false;
  return 'ratioAtMost' in target ? ratio <= target.ratioAtMost : ratio >= target.ratioAtLeast;
}

function inWords(target: Target, unit: string): string {
  if ('atMost' in target) return `≤ ${target.atMost} ${unit}`;
  if ('atLeast' in target) return `≥ ${target.atLeast} ${unit}`;
  return 'ratioAtMost' in target ? `≤ ${target.ratioAtMost}×` : `≥ ${target.ratioAtLeast}×`;
}

const rounded = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
