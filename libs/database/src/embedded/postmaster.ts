import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { chown, lstat, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { INSIDE } from './cluster.ts';
import { EmbeddedError, embeddedErrorFrom } from './embedded-error.ts';
import type { ServerUser } from './server-user.ts';

/** The longest path of a socket that every system takes (macOS 103, Linux 107), in bytes. */
const LONGEST_SOCKET_PATH = 103;
const SOCKET_NAME = '.s.PGSQL.5432';
/** A log this big is put aside at the next start, in bytes. */
const LOG_LIMIT = 8 * 1024 * 1024;

/**
 * For a shop on a small machine: little memory, few processes, no TCP. Durability is PostgreSQL's own: fsync and
 * synchronous commits stay on. Given on the command line, so that a new release brings its own.
 */
const defaults: Record<string, string> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  // No replicas, so the log need not serve any.
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'on',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // Reads are from memory at this size: no processes for asynchronous ones.
  io_method: 'sync',
  huge_pages: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_duration_statement: '1s',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};

export interface StartOptions {
  folder: string;
  binaries: Binaries;
  user: ServerUser;
  /** Server settings over our own. */
  settings?: Record<string, string>;
}

/** A server process of ours. */
export interface Started {
  pid: number | undefined;
  /** Resolves with why it ended, when it ends. */
  ended: Promise<Error>;
}

/** Starts the server; it may take a moment until it is ready, or it may end at once. */
export async function startPostmaster(options: StartOptions): Promise<Started> {
  const { folder, binaries, user } = options;
  const log = await openLog(`${folder}.log`, user);
  const from = (await log.stat()).size;
  try {
    const all = {
      ...defaults,
      unix_socket_directories: await socketFolder(folder, user),
      ...options.settings,
    };
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(binaries.postgres, ['-D', INSIDE, ...flags], {
      cwd: folder,
      stdio: ['ignore', log.fd, log.fd],
      // A session of its own: Ctrl-C in a terminal reaches us, and we stop it in order.
      detached: true,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...(user === 'self' ? {} : user),
    });
    const end = new Promise<Error>((resolve) => {
      child.once('error', (error) =>
        resolve(embeddedErrorFrom('PostgreSQL could not be started', error.message)),
      );
      child.once(
        'exit',
        () =>
          void saidSince(`${folder}.log`, from).then((said) =>
            resolve(embeddedErrorFrom('PostgreSQL ended', said)),
          ),
      );
    });
    child.unref();
    return { pid: child.pid, ended: end };
  } finally {
    await log.close();
  }
}

/** The data directory itself where its path is short enough, else a temporary folder that only the server may enter. */
async function socketFolder(folder: string, user: ServerUser): Promise<string> {
  if (Buffer.byteLength(join(folder, SOCKET_NAME)) <= LONGEST_SOCKET_PATH) return '.';
  const owner = user === 'self' ? process.getuid?.() : user.uid;
  const key = createHash('sha256').update(`${owner}:${folder}`).digest('hex').slice(0, 12);
  const short = join(tmpdir(), `yixian-${key}`);
  const made = await mkdir(short, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  if (made && user !== 'self') await chown(short, user.uid, user.gid);
  const found = await lstat(short);
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) {
    throw new EmbeddedError(
      'server_failed',
      `${short} belongs to somebody else; remove it, or use a shorter DATA_DIR.`,
    );
  }
  return short;
}

/** Whoever the server runs as may want to go on without root. */
async function openLog(path: string, user: ServerUser): Promise<FileHandle> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT) await rename(path, `${path}.1`);
  const log = await open(path, 'a', 0o600);
  if (user !== 'self') await log.chown(user.uid, user.gid);
  return log;
}

/** The end of what was logged after `from`. A log that somebody took away says nothing. */
async function saidSince(path: string, from: number): Promise<string> {
  const said = await readFile(path).catch(() => Buffer.alloc(0));
  return said.subarray(Math.max(from, said.length - 16_384)).toString();
}
