import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import { runInside } from './cluster.ts';
import { EmbeddedError } from './embedded-error.ts';
import { isAlive } from './postmaster-file.ts';
import type { ServerUser } from './server-user.ts';

/**
 * Every process that uses the server holds a named pipe open for writing; the kernel closes it even when the process
 * is killed. A shell reads the pipe: when the last writer is gone and nobody comes back within `linger` seconds, it
 * stops the server (SIGINT: a fast, clean shutdown).
 * Arguments: pid of the server, seconds to linger. Works inside the data directory.
 */
const script = `
pipe="users-$1"
stop() {
  [ "$(head -n 1 postmaster.pid)" = "$1" ] && kill -INT "$1"
  rm -f "$pipe"
}
cat <"$pipe" >/dev/null
while :; do
  (sleep "$2"; stop "$1"; kill -KILL $$) & timer=$!
  { kill "$timer"; cat >/dev/null; } <"$pipe"
done
`;

/** How long the shell may take to open the pipe, in ms. */
const PATIENCE = 5_000;

export interface Watch {
  folder: string;
  /** The server's. */
  pid: number;
  user: ServerUser;
  /** Seconds the server stays when nobody uses it. */
  linger: number;
}

/** Counts this process among the users of the server, until the handle is closed. Starts the watchdog if none runs. */
export async function joinUsers(watch: Watch): Promise<FileHandle> {
  const existing = await openPipe(watch);
  if (existing) return existing;
  await startWatchdog(watch);
  const deadline = systemClock.monotonic() + PATIENCE;
  while (systemClock.monotonic() < deadline) {
    const handle = await openPipe(watch);
    if (handle) return handle;
    await pause(systemClock, 2);
  }
  throw new EmbeddedError('server_failed', 'The watchdog of the embedded PostgreSQL did not start.');
}

/** Pipes of servers that are gone. */
export async function removeOldPipes(folder: string): Promise<void> {
  const pipes = (await readdir(folder)).filter((name) => name.startsWith('users-'));
  for (const name of pipes) {
    if (await isAlive(Number(name.slice('users-'.length)))) continue;
    await rm(join(folder, name), { force: true });
  }
}

/** `undefined` when there is no pipe, or nobody reads it. */
async function openPipe({ folder, pid }: Watch): Promise<FileHandle | undefined> {
  try {
    return await open(join(folder, `users-${pid}`), constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENXIO') return undefined;
    throw error;
  }
}

async function startWatchdog({ folder, pid, user, linger }: Watch): Promise<void> {
  // Fails when the pipe is there already, which is as good.
  await runInside(folder, 'mkfifo', ['-m', '600', `users-${pid}`], user);
  const shell = spawn('/bin/sh', ['-c', script, 'watchdog', String(pid), String(linger)], {
    cwd: folder,
    stdio: 'ignore',
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    ...(user === 'self' ? {} : user),
  });
  await new Promise<void>((resolve, reject) => shell.once('spawn', resolve).once('error', reject));
  shell.unref();
}
