import type { ImapFlow } from 'imapflow';
import type { Cancel, Clock } from '@yixian/contracts';
import { pause } from '@yixian/contracts';
import type { Mailbox } from '../mailbox.ts';
import type { Login } from '../oauth/login.ts';
import type { Taken } from '../receiving/arrival.ts';
import { cursorFor } from './folder-cursor.ts';
import type { FolderCursors } from './folder-cursor.ts';
import { FolderReader } from './folder-reader.ts';
import { imapOptions } from './imap-options.ts';

/** Between attempts to connect, in ms. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A folder is looked through this often, also when its server says nothing. */
const LOOK_MS = 30_000;

export interface FolderWatchMeans {
  clock: Clock;
  cursors: FolderCursors;
  login(): Promise<Login>;
  /** The server refused the login. */
  loginRefused(): void;
  take(raw: Buffer): Promise<Taken>;
  /** What is too large to be fetched: its beginning, kept for a person. */
  setAside(head: Buffer, why: string): Promise<void>;
  largest: number;
  log(level: 'info' | 'warn', message: string, detail: Record<string, unknown>): void;
}

/** Reads one folder of a mailbox as mails come (IDLE), and connects again for ever. */
export class FolderWatch {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private client: ImapFlow | undefined;
  private failures = 0;

  constructor(
    private readonly mailbox: Mailbox,
    private readonly folder: string,
    private readonly means: FolderWatchMeans,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.client?.close();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const error = await this.session().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (signal.aborted) return;
      this.failures += 1;
      const ms = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
      this.tell(error, ms);
      await pause(this.means.clock, ms, signal);
    }
  }

  /** One connection, until it ends. */
  private async session(): Promise<void> {
    // Loaded when the first mailbox is read: many a shop has none.
    const { ImapFlow } = await import('imapflow');
    const client = new ImapFlow(imapOptions(this.mailbox, await this.means.login()));
    this.client = client;
    const wakes = new Wakes(this.means.clock);
    // Without a listener an error would end the process; what ends the connection is told by 'close'.
    client.on('error', () => undefined);
    client.on('close', () => wakes.wake());
    client.on('exists', () => wakes.wake());
    const abort = () => client.close();
    this.stopping.signal.addEventListener('abort', abort, { once: true });
    try {
      await client.connect();
      await this.prepare(client);
      while (client.usable && !this.stopping.signal.aborted) {
        await this.look(client);
        this.failures = 0;
        void client.idle().catch(() => undefined);
        await wakes.next(LOOK_MS);
      }
    } catch (error) {
      if ((error as { authenticationFailed?: boolean }).authenticationFailed) this.means.loginRefused();
      throw error;
    } finally {
      this.stopping.signal.removeEventListener('abort', abort);
      client.close();
    }
  }

  private async prepare(client: ImapFlow): Promise<void> {
    const { processed, failed } = this.mailbox.imap;
    for (const path of [processed, failed]) {
      // Is there already; what else may be wrong shows when something is moved.
      if (path) await client.mailboxCreate(path).catch(() => undefined);
    }
    await client.mailboxOpen(this.folder);
  }

  private async look(client: ImapFlow): Promise<void> {
    const { mailbox } = client;
    if (!mailbox) throw new Error('The folder is not open.');
    const { cursors, clock } = this.means;
    const kept = await cursors.get(this.folder);
    const folder = { uidValidity: String(mailbox.uidValidity), uidNext: mailbox.uidNext };
    const wholeHistory = this.mailbox.imap.history === 'all';
    const cursor = cursorFor(kept, folder, { wholeHistory, now: clock.now() });
    if (kept?.uidValidity !== cursor.uidValidity) await cursors.save(this.folder, cursor);
    if (kept && kept.uidValidity !== cursor.uidValidity) {
      this.means.log('info', 'A folder gave its mails new numbers and is read again.', {
        folder: this.folder,
      });
    }
    await new FolderReader(client, this.mailbox.imap, this.means).read(cursor, (next) =>
      cursors.save(this.folder, next),
    );
  }

  private tell(error: unknown, ms: number): void {
    const detail = { err: error, account: this.mailbox.id, folder: this.folder, againInMs: ms };
    // Connections end all the time; only what lasts is worth a warning.
    const level = this.failures >= 3 ? 'warn' : 'info';
    this.means.log(level, 'The connection to a mailbox ended; it is made again.', detail);
  }
}

/** Wakes whoever waits; a wake that nobody waited for is not lost. */
class Wakes {
  private woken = false;
  private waiting: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  wake(): void {
    this.woken = true;
    this.waiting?.();
  }

  async next(withinMs: number): Promise<void> {
    let cancel: Cancel = () => undefined;
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
        cancel = this.clock.after(withinMs, resolve);
      });
    }
    cancel();
    this.waiting = undefined;
    this.woken = false;
  }
}
