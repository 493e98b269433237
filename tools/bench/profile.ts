import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

/** Where profiles are left, for the developer tools of a browser. */
export const PROFILES = 'data/profiles';

/** Profiles this process while `work` runs, and says where the profile is. */
export async function profiled<T>(name: string, work: () => Promise<T>): Promise<T> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const done = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  mkdirSync(PROFILES, { recursive: true });
  const file = join(PROFILES, `${name}.cpuprofile`);
  writeFileSync(file, JSON.stringify(profile));
  console.error(`The profile is ${file}.`);
  return done;
}
