import type { DataSource } from 'typeorm';
import { Listener } from './listener.ts';
import type { PoolOptions } from './postgres-pool.ts';
import { PostgresPool } from './postgres-pool.ts';
import type { NamedStatement, Queryable, Statement } from './queryable.ts';
import type { Transaction } from './transaction.ts';
import { inTransaction } from './transaction.ts';

/** What keeps the server under an embedded database alive; nothing for a server that others run. */
export interface ServerLease {
  /** Lets go of the server. It stops when nobody else holds it. */
  release(): Promise<void>;
}

/** An open PostgreSQL database. Made by {@link openDatabase}. */
export class Database implements Queryable {
  /** How other processes on this machine may reach it; for a child process or a tool. */
  readonly url: string;
  private readonly pool: PostgresPool;
  private readonly listener: Listener;
  private closing: Promise<void> | undefined;

  constructor(
    options: PoolOptions,
    private readonly lease?: ServerLease,
  ) {
    this.url = options.url;
    this.pool = new PostgresPool(options);
    this.listener = new Listener(() => this.pool.client(), options.clock, options.log);
  }

  get source(): DataSource {
    return this.pool.source;
  }

  /** Throws {@link DatabaseError} when no connection can be had. */
  async open(): Promise<this> {
    await this.pool.open();
    return this;
  }

  /** Runs one statement on any connection of the pool. Throws {@link DatabaseError}; nothing is tried twice. */
  query<Row extends object>(sql: string | NamedStatement, values?: unknown[]): Promise<Row[]> {
    return this.pool.query<Row>(sql, values);
  }

  /**
   * Runs statements, none of which needs the result of another, in order, as one transaction, in one round trip: one
   * commit and one wait for the disk, at the price of one statement. Gives the rows of each. Throws
   * {@link DatabaseError}; then none of them happened, unless the error is that of a broken connection.
   */
  together(statements: readonly Statement[]): Promise<object[][]> {
    return this.pool.together(statements);
  }

  /**
   * Commits when `work` resolves, rolls back when it rejects, and gives what `work` gave. Errors of the database come
   * as {@link DatabaseError}, others as they are. Nothing is tried twice: that is for whoever knows what it means.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, work);
  }

  /**
   * LISTEN on a channel, on a connection kept for this and restored when it breaks (then `onNotify` runs once with
   * an empty payload, since something may have been missed). `onLost` runs when it breaks. Gives back the way to stop.
   */
  listen(
    channel: string,
    onNotify: (payload: string) => void,
    onLost?: () => void,
  ): Promise<() => Promise<void>> {
    return this.listener.listen(channel, onNotify, onLost);
  }

  /** False while no connection can be had. Answers within two seconds. */
  async healthy(): Promise<boolean> {
    try {
      await this.pool.ping();
      return true;
    } catch {
      return false;
    }
  }

  /** Connections held now, and callers that wait for one. For metrics. */
  get usage(): { total: number; idle: number; waiting: number } {
    return this.pool.usage;
  }

  /**
   * Waits for what runs, a second at most, then cuts it off; closes the connections, lets go of the embedded server.
   * May be called twice.
   */
  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    await Promise.all([this.listener.close(), this.pool.close()]);
    await this.lease?.release();
  }
}
