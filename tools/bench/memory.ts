import { readFileSync } from 'node:fs';

/** Memory that a process alone accounts for (PSS: shared pages in parts), in KiB. Linux only. */
export function memoryOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)![1]);
}
