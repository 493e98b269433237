import type { Options } from './options.ts';
import { planOf } from './plan.ts';
import type { Fault, Targets } from './plan.ts';

/** The names of all that can be broken. */
export function targetsOf({
  kafka,
  brokers,
  replicas,
}: Pick<Options, 'kafka' | 'brokers' | 'replicas'>): Targets {
  const names = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
  const apps = kafka ? [...names('hub', replicas), 'chat1'] : names('app', replicas);
  apps.push('post1');
  const around = kafka ? [...names('broker', brokers), 'postgres'] : ['postgres'];
  return {
    processes: [...apps, ...around],
    links: apps.flatMap((app) => [`customers-${app}`, `${app}-postgres`]),
  };
}

/** The faults of a run, in order. */
export function scheduleOf(options: Options): Fault[] {
  const { seed, seconds, storm, raids } = options;
  if (raids) return planOf(seed, seconds, { processes: [raids], links: [] }, 'raids');
  return planOf(seed, seconds, targetsOf(options), storm ? 'storm' : 'usual');
}

/** Whether nothing is done but to kill. */
export const killsAlone = ({ storm, raids }: Options): boolean => storm || raids !== undefined;
