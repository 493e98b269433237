import { readdirSync, readFileSync } from 'node:fs';

/** A tick of /proc, in µs. */
const TICK = 10_000;

/**
 * User and system time that the watched processes use from now on, with what they start, in µs, each in its place;
 * call the result to know. One that another watched process started counts for itself. Linux only.
 */
export function watchTime(...pids: number[]): () => number[] {
  const times = (): number[] => pids.map((pid) => processorTime(pid, pids));
  const before = times();
  return () => times().map((time, index) => time - before[index]!);
}

function processorTime(root: number, apart: number[]): number {
  return treeOf(root, apart).reduce((sum, stat) => sum + stat.own + stat.ended, 0);
}

interface Stat {
  pid: number;
  parent: number;
  own: number;
  ended: number;
}

function treeOf(root: number, apart: number[]): Stat[] {
  const children = new Map<number, Stat[]>();
  const all = allStats();
  for (const stat of all) children.set(stat.parent, [...(children.get(stat.parent) ?? []), stat]);
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree)
    tree.push(...(children.get(pid) ?? []).filter((child) => !apart.includes(child.pid)));
  return tree;
}

function allStats(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
}

function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // It ended between the listing and now.
    return undefined;
  }
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = (from: number): number => (fields[from]! + fields[from + 1]!) * TICK;
  return { pid, parent: fields[1]!, own: ticks(11), ended: ticks(13) };
}
