import type { ChannelHost } from '@yixian/channel';
import type { Mailbox } from '../mailbox.ts';
import type { Login } from '../oauth/login.ts';
import type { Taken } from '../receiving/arrival.ts';
import { FolderCursors } from './folder-cursor.ts';
import { FolderWatch } from './folder-watch.ts';
import { MailboxLease } from './mailbox-lease.ts';

export interface ImapWorkerMeans {
  host: ChannelHost;
  login(mailbox: Mailbox): Promise<Login>;
  loginRefused(mailbox: Mailbox): void;
  take(raw: Buffer, mailbox: Mailbox): Promise<Taken>;
  largest: number;
}

/** Reads the folders of one mailbox, in whichever process holds the right to. */
export class ImapWorker {
  private readonly lease: MailboxLease;
  private watches: FolderWatch[] = [];
  private ended: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly mailbox: Mailbox,
    private readonly means: ImapWorkerMeans,
  ) {
    const { store, clock } = means.host;
    const warn = (message: string, err: unknown) =>
      means.host.log('warn', message, { err, account: mailbox.id });
    this.lease = new MailboxLease(
      `imap-lease:${mailbox.id}`,
      { store, clock, warn },
      { onTaken: () => this.watch(), onLost: () => this.unwatch() },
    );
  }

  start(): void {
    this.lease.start();
  }

  async stop(): Promise<void> {
    this.unwatch();
    await this.ended;
    await this.lease.stop();
    // It may have been taken while we stopped.
    this.unwatch();
    await this.ended;
  }

  private watch(): void {
    const { host, login, loginRefused, take, largest } = this.means;
    const { mailbox } = this;
    this.watches = mailbox.imap.folders.map(
      (folder) =>
        new FolderWatch(mailbox, folder, {
          clock: host.clock,
          cursors: new FolderCursors(host.store, mailbox.id),
          login: () => login(mailbox),
          loginRefused: () => loginRefused(mailbox),
          take: (raw) => take(raw, mailbox),
          setAside: (head, why) => host.quarantine(head, why, { account: mailbox.id }),
          largest,
          log: (level, message, detail) => host.log(level, message, detail),
        }),
    );
    for (const watch of this.watches) watch.start();
  }

  private unwatch(): void {
    this.ended = Promise.all([this.ended, ...this.watches.map((watch) => watch.stop())]);
    this.watches = [];
  }
}
