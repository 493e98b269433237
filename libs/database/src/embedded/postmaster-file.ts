import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running server says of itself in `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  /** The folder of its socket, relative to the data directory or absolute; empty while it starts. */
  socketFolder: string;
  /** `starting`, `ready`, `stopping`, or empty very early. */
  status: string;
}

/** No process ever has this pid: Linux ends at 2^22, macOS at 99,999. */
const NOBODY = 2_147_483_646;

/** `undefined` when no server runs on this data directory. */
export async function livePostmaster(folder: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Lines: pid, data directory, start time, port, socket folder, listen address, shared memory, status.
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!(pid > 1) || !(await servesFolder(pid, folder))) return undefined;
  return { pid, socketFolder: lines[4] ?? '', status: lines[7] ?? '' };
}

/**
 * PostgreSQL refuses to start while the pid in its file lives, even when it is now somebody else's, as happens in
 * containers where pids are small. The pid alone is replaced: PostgreSQL still finds there what it needs to see
 * whether processes of the old server live on.
 */
export async function disownStalePid(folder: string): Promise<void> {
  const path = join(folder, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || (await livePostmaster(folder))) return;
  await writeFile(path, text.replace(/^\d+/, String(NOBODY)));
}

/** Also true for a process of another user; not for a dead one that its parent has not taken notice of. */
export async function isAlive(pid: number): Promise<boolean> {
  if (process.platform === 'linux') return (await processAt(pid)) !== undefined;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Is it a PostgreSQL, and of this folder? Where the system does not say, a living pid counts. */
export async function servesFolder(pid: number, folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return isAlive(pid);
  if ((await processAt(pid)) !== 'postgres') return false;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return cwd === undefined || cwd === (await realpath(folder));
}

/** The name of a living process, on Linux. */
async function processAt(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [, name, state] = /^\d+ \((.*)\) (\w)/s.exec(stat ?? '') ?? [];
  return state === undefined || state === 'Z' || state === 'X' ? undefined : name;
}
