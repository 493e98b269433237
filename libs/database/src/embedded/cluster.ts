import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedError, embeddedErrorFrom } from './embedded-error.ts';
import { isAlive } from './postmaster-file.ts';
import type { ServerUser } from './server-user.ts';

/** Superuser and database of an embedded server. Whoever may enter the folder of its socket is let in. */
export const SUPERUSER = 'yixian';

/**
 * The data directory as the server and its kin name it. They start inside it, since on Linux this link leads there
 * even when a folder above is closed to their user.
 */
export const INSIDE = process.platform === 'linux' ? '/proc/self/cwd' : '.';

/** Locales for what the builtin provider does not decide; trigram search needs one that knows all letters. */
const locales = process.platform === 'darwin' ? ['en_US.UTF-8'] : ['C.UTF-8', 'en_US.UTF-8'];

const options = [
  `--pgdata=${INSIDE}`,
  `--username=${SUPERUSER}`,
  '--auth=trust',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--no-sync',
  '--no-instructions',
];

/**
 * Makes the data directory unless it is there. It is made under another name and renamed when whole, so that
 * neither a crash nor a second process leaves half of one. True when this call made it.
 */
export async function ensureCluster(folder: string, binaries: Binaries, user: ServerUser): Promise<boolean> {
  if (await checkedVersion(folder, binaries)) return false;
  await removeOldDrafts(folder);
  const draft = `${folder}.new-${process.pid}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await chmod(draft, 0o700);
    if (user !== 'self') await chown(draft, user.uid, user.gid);
    await initdb(draft, binaries, user);
    return await moveTo(folder, draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What `initdb --no-sync` left to the operating system reaches the disk. May run beside the server. */
export async function syncToDisk(folder: string, binaries: Binaries, user: ServerUser): Promise<void> {
  await runInside(folder, binaries.initdb, ['--sync-only', '-D', INSIDE], user);
}

/** Left by processes that were killed while they made one. */
async function removeOldDrafts(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.new-`;
  for (const name of (await readdir(dirname(folder))).filter((found) => found.startsWith(prefix))) {
    const maker = Number(name.slice(prefix.length));
    if (maker !== process.pid && (await isAlive(maker))) continue;
    // An initdb whose parent was killed still writes for a moment.
    await rm(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

async function checkedVersion(folder: string, binaries: Binaries): Promise<boolean> {
  const text = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  if (Number(text) !== binaries.majorVersion) {
    throw new EmbeddedError(
      'data_version',
      `${folder} was made by PostgreSQL ${text.trim()}, and this release brings PostgreSQL ${binaries.majorVersion}. ` +
        'Move it by pg_dump and pg_restore, or go back to the release that made it. See docs/operating.md.',
    );
  }
  return true;
}

async function initdb(folder: string, binaries: Binaries, user: ServerUser): Promise<void> {
  let said = '';
  for (const locale of locales) {
    const result = await runInside(folder, binaries.initdb, [...options, `--locale=${locale}`], user);
    if (result.code === 0) return;
    said = result.said;
    if (!/invalid locale/.test(said)) break;
  }
  throw embeddedErrorFrom(`A data directory could not be made in ${folder}`, said);
}

async function moveTo(folder: string, draft: string): Promise<boolean> {
  try {
    await rename(draft, folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** Runs a program with the data directory as its working directory. */
export function runInside(
  folder: string,
  program: string,
  args: string[],
  user: ServerUser,
): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...(user === 'self' ? {} : user),
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}
