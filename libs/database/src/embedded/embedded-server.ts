import type { FileHandle } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import type { DatabaseLog } from '../database-log.ts';
import { silent } from '../database-log.ts';
import type { ServerLease } from '../database.ts';
import { awake } from './awake.ts';
import type { Binaries } from './binaries.ts';
import { findBinaries } from './binaries.ts';
import { ensureCluster, SUPERUSER, syncToDisk } from './cluster.ts';
import { EmbeddedError } from './embedded-error.ts';
import type { Started } from './postmaster.ts';
import { startPostmaster } from './postmaster.ts';
import type { PostmasterFile } from './postmaster-file.ts';
import { disownStalePid, livePostmaster, servesFolder } from './postmaster-file.ts';
import type { ServerUser } from './server-user.ts';
import { serverUserFor } from './server-user.ts';
import { joinUsers, removeOldPipes } from './watchdog.ts';

export interface EmbeddedOptions {
  /** The data directory of PostgreSQL. Its log is `<folder>.log`. */
  folder: string;
  log: DatabaseLog;
  /** Seconds the server stays when nobody uses it any more (default 0). */
  linger?: number;
  /** Server settings over our own. */
  settings?: Record<string, string>;
}

/** Recovery after a crash replays at most `max_wal_size`: a slow disk may take this long, in ms. */
const START_PATIENCE = 120_000;
/** How often to look at a server that starts or stops, in ms. */
const LOOK_EVERY = 5;
/** How often to see whether the running server still runs, and to try again when it cannot be started, in ms. */
const WATCH_EVERY = 250;
const REVIVE_EVERY = 2_000;
/** A clean stop writes all dirty pages; after this long it is ended at once, and recovers at its next start, in ms. */
const STOP_PATIENCE = 10_000;
/** Within this the watchdog has told the server to stop, unless somebody else uses it, in ms. */
const WATCHDOG_PATIENCE = 1_000;
/** Another process was starting it too, or children of a killed server still hold its memory: both pass. */
const LOST_RACE = /lock file "postmaster.pid" already exists|still in use/;

/**
 * PostgreSQL on this machine, kept running as long as somebody holds it. Any number of processes may open the same
 * folder: the first starts the server, the others adopt it, whoever notices its death first restarts it, and it stops
 * when the last one is gone, in whatever way.
 */
export class EmbeddedServer implements ServerLease {
  /** Absolute; for the `host` of a connection. */
  socketFolder = '';
  pid = 0;
  private membership: FileHandle | undefined;
  private readonly released = new AbortController();
  private cancelWatch: () => void = () => {};
  private syncing: Promise<void> = Promise.resolve();
  private reviving: Promise<void> = Promise.resolve();

  /** Those that were begun before anybody asked for them, by their folders. */
  private static readonly begun = new Map<string, Promise<EmbeddedServer>>();

  private constructor(
    private options: EmbeddedOptions,
    private readonly user: ServerUser,
    private readonly binaries: Binaries,
  ) {}

  /** Begins to open a server for whoever opens that folder next in this process, and who hears of what is wrong. */
  static beginToOpen(given: Pick<EmbeddedOptions, 'folder'>): void {
    const folder = resolve(given.folder);
    const opening = EmbeddedServer.openNow({ folder, log: silent });
    opening.catch(() => undefined);
    EmbeddedServer.begun.set(folder, opening);
  }

  /** Resolves when the server takes connections. Throws {@link EmbeddedError}. */
  static async open(given: EmbeddedOptions): Promise<EmbeddedServer> {
    const options = { ...given, folder: resolve(given.folder) };
    const begun = EmbeddedServer.begun.get(options.folder);
    if (!begun) return EmbeddedServer.openNow(options);
    EmbeddedServer.begun.delete(options.folder);
    const server = await begun;
    server.options = options;
    return server;
  }

  private static async openNow(options: EmbeddedOptions): Promise<EmbeddedServer> {
    await mkdir(dirname(options.folder), { recursive: true });
    const user = await serverUserFor(options.folder);
    const server = new EmbeddedServer(options, user, await findBinaries(user));
    const made = await awake(async () => {
      const isNew = await ensureCluster(options.folder, server.binaries, user);
      await server.ensureRunning();
      return isNew;
    });
    if (made) server.syncing = syncToDisk(options.folder, server.binaries, user);
    return server;
  }

  /** A URL for `pg` and libpq. */
  url(database: string): string {
    return `postgresql://${SUPERUSER}@localhost/${database}?host=${encodeURIComponent(this.socketFolder)}`;
  }

  /** Lets go. Resolves when the server has stopped, or when somebody else turns out to use it. */
  async release(): Promise<void> {
    if (this.released.signal.aborted) return;
    await this.leave();
    if (!this.options.linger) await awake(() => this.untilStoppedOrShared());
  }

  /** Lets go without a look back: the watchdog stops the server when nobody else uses it. */
  async leave(): Promise<void> {
    this.released.abort();
    // A server that is just being started again must find its user before that one goes.
    await this.reviving;
    this.cancelWatch();
    await this.syncing;
    await this.membership?.close();
    this.membership = undefined;
  }

  private async ensureRunning(): Promise<void> {
    const deadline = systemClock.monotonic() + START_PATIENCE;
    while (systemClock.monotonic() < deadline) {
      const live = await livePostmaster(this.options.folder);
      if (live?.status === 'ready' && (await this.adopt(live))) return;
      if (!live) await this.start();
      if (this.membership) return;
      await pause(systemClock, LOOK_EVERY);
    }
    throw new EmbeddedError(
      'server_failed',
      `PostgreSQL in ${this.options.folder} did not become ready. See ${this.options.folder}.log.`,
    );
  }

  /** Returns when the server is ready, or when another process was faster. */
  private async start(): Promise<void> {
    const { folder, settings } = this.options;
    await disownStalePid(folder);
    await removeOldPipes(folder);
    const started = await startPostmaster({ folder, binaries: this.binaries, user: this.user, settings });
    // Watched from its first moment: recovery may take long, and we may be killed meanwhile.
    const membership = started.pid === undefined ? undefined : await this.join(started.pid);
    try {
      await this.untilReady(started);
    } finally {
      await membership?.close();
    }
  }

  private async untilReady({ pid, ended }: Started): Promise<void> {
    const { folder } = this.options;
    for (;;) {
      const error = await Promise.race([ended, pause(systemClock, LOOK_EVERY)]);
      const live = await livePostmaster(folder);
      if (live && live.pid === pid && live.status === 'ready' && (await this.adopt(live))) return;
      if (error && !live && !LOST_RACE.test(error.message)) throw error;
      if (error) return;
    }
  }

  private join(pid: number): Promise<FileHandle> {
    const { folder, linger = 0 } = this.options;
    return joinUsers({ folder, pid, user: this.user, linger });
  }

  private async adopt(live: PostmasterFile): Promise<boolean> {
    const { folder } = this.options;
    const membership = await this.join(live.pid);
    // It may have begun to stop just before we joined.
    if ((await livePostmaster(folder))?.status !== 'ready') {
      await membership.close();
      return false;
    }
    this.membership = membership;
    this.pid = live.pid;
    this.socketFolder = isAbsolute(live.socketFolder) ? live.socketFolder : join(folder, live.socketFolder);
    this.watch();
    return true;
  }

  private watch(): void {
    this.cancelWatch = systemClock.after(WATCH_EVERY, () => {
      void livePostmaster(this.options.folder).then((live) => {
        if (this.released.signal.aborted) return;
        if (live?.pid === this.pid) this.watch();
        else this.reviving = this.revive();
      });
    });
  }

  private async revive(): Promise<void> {
    this.options.log('warn', 'The embedded PostgreSQL is gone; starting it again.', { pid: this.pid });
    while (!this.released.signal.aborted) {
      try {
        await this.membership?.close();
        this.membership = undefined;
        await this.ensureRunning();
        return;
      } catch (error) {
        this.options.log('error', 'The embedded PostgreSQL could not be started.', { error: String(error) });
        await pause(systemClock, REVIVE_EVERY, this.released.signal);
      }
    }
  }

  private async untilStoppedOrShared(): Promise<void> {
    const { folder } = this.options;
    const since = systemClock.monotonic();
    while (await servesFolder(this.pid, folder)) {
      const waited = systemClock.monotonic() - since;
      const live = await livePostmaster(folder);
      if (live?.pid === this.pid && live.status !== 'stopping' && waited > WATCHDOG_PATIENCE) return;
      // SIGQUIT: no checkpoint; the next start recovers from the log.
      if (waited > STOP_PATIENCE) return void process.kill(this.pid, 'SIGQUIT');
      await pause(systemClock, LOOK_EVERY);
    }
  }
}
