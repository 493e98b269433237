// The shape that the rest of the house relies on. (Replaced by the class of this name.)
import type { DataSource, EntityManager, MixedList } from 'typeorm';
import type { Queryable } from './queryable.ts';

/** One transaction. Statements run in order on one connection; TypeORM's `manager` works on the same one. */
export interface Transaction extends Queryable {
  readonly manager: EntityManager;
  /** Runs `work` once the transaction is committed, never when it is rolled back. Must not throw. */
  afterCommit(work: () => void): void;
}

export interface Database extends Queryable {
  readonly source: DataSource;
  /** How other processes on this machine may reach it; for a child process or a tool. */
  readonly url: string;
  /** Commits when `work` resolves, rolls back when it rejects, and gives what `work` gave. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * LISTEN on a channel, on a connection kept for this and restored when it breaks (then `onNotify` runs once with
   * an empty payload, since something may have been missed). Gives back the way to stop.
   */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /** False while no connection can be had. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

/** What a package brings to the database: its entities, and its migrations, forward only. */
export interface SchemaPart {
  entities: MixedList<Function>;
  migrations: MixedList<Function>;
}
