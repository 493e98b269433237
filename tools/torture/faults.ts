import { pause } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import type { Journal } from './journal.ts';
import { describeFault } from './plan.ts';
import type { Fault } from './plan.ts';
import type { Proxy } from './proxy.ts';
import type { Breakable, TortureSystem } from './system.ts';

/** How often each kind of fault was done. */
export type Tally = Map<Fault['kind'], number>;

/** Performs a schedule of faults, each healed in its time. Resolves when the last one is. */
export async function performFaults(
  faults: Fault[],
  system: Pick<TortureSystem, 'processes' | 'links'>,
  { clock, journal, tell }: { clock: Clock; journal: Journal; tell: (line: string) => void },
): Promise<Tally> {
  const start = clock.monotonic();
  const broken = new Set<string>();
  const tally: Tally = new Map();
  await Promise.all(
    faults.map(async (fault) => {
      await pause(clock, fault.at - (clock.monotonic() - start));
      // Coming back may have taken longer than the schedule gave it.
      if (broken.has(fault.target)) return tell(`${describeFault(fault)}: still broken, left alone`);
      broken.add(fault.target);
      tell(describeFault(fault));
      tally.set(fault.kind, (tally.get(fault.kind) ?? 0) + 1);
      journal.note('fault', `${fault.kind} ${fault.target} for ${fault.lasts} ms`);
      await perform(fault, system, clock);
      broken.delete(fault.target);
      journal.note('fault', `${fault.target} healed`);
    }),
  );
  return tally;
}

async function perform(
  { target, kind, lasts }: Fault,
  { processes, links }: Pick<TortureSystem, 'processes' | 'links'>,
  clock: Clock,
): Promise<void> {
  const process = processes.get(target);
  if (process) await breakProcess(process, kind, () => pause(clock, lasts));
  else await breakLink(links.get(target)!, kind, () => pause(clock, lasts));
}

async function breakProcess(
  process: Breakable,
  kind: Fault['kind'],
  wait: () => Promise<void>,
): Promise<void> {
  if (kind === 'freeze') {
    await process.freeze();
    await wait();
    return process.thaw();
  }
  await (kind === 'kill' ? process.kill() : process.stop());
  await wait();
  await process.start();
}

async function breakLink(link: Proxy, kind: Fault['kind'], wait: () => Promise<void>): Promise<void> {
  if (kind === 'cut') return link.cut();
  if (kind === 'half-open') return link.halfOpen();
  if (kind === 'ghost') return link.ghost();
  if (kind === 'stall') link.stall();
  else link.slow();
  await wait();
  link.heal();
}
