import type { EntityManager, QueryRunner } from 'typeorm';
import type { PoolClient } from 'pg';
import { asDatabaseError, DatabaseError } from './database-error.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { isDoubtful, send } from './postgres-pool.ts';
import type { NamedStatement, Queryable } from './queryable.ts';

/** One transaction. Statements run in order on one connection; TypeORM's `manager` works on the same one. */
export interface Transaction extends Queryable {
  readonly manager: EntityManager;
  /** Runs `work` once the transaction is committed, never when it is rolled back. Must not throw. */
  afterCommit(work: () => void): void;
}

class OpenTransaction implements Transaction {
  readonly afterwards: (() => void)[] = [];

  constructor(
    readonly manager: EntityManager,
    private readonly client: PoolClient,
  ) {}

  query<Row extends object>(sql: string | NamedStatement, values?: unknown[]): Promise<Row[]> {
    return send<Row>(this.client, sql, values);
  }

  afterCommit(work: () => void): void {
    this.afterwards.push(work);
  }
}

/** See {@link Database.transaction}. */
export async function inTransaction<T>(
  pool: PostgresPool,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const { runner, client } = await pool.runner();
  const tx = new OpenTransaction(runner.manager, client);
  let result: T;
  try {
    await runner.startTransaction();
    result = await work(tx);
    await commit(runner);
  } catch (error) {
    await abandon(runner, client, error);
    throw asDatabaseError(error);
  } finally {
    await runner.release();
  }
  for (const next of tx.afterwards) next();
  return result;
}

async function commit(runner: QueryRunner): Promise<void> {
  try {
    await runner.commitTransaction();
  } catch (error) {
    const known = asDatabaseError(error);
    // A commit without an answer may have happened. One that the server refused has not.
    throw known instanceof DatabaseError && isDoubtful(known)
      ? asDatabaseError(error, { outcomeUnknown: true })
      : known;
  }
}

/** Rolls back. A connection that may be half way through an answer is closed instead; the pool forgets it. */
async function abandon(runner: QueryRunner, client: PoolClient, why: unknown): Promise<void> {
  if (runner.isReleased) return;
  try {
    const known = asDatabaseError(why);
    if (known instanceof DatabaseError && isDoubtful(known)) throw known;
    if (runner.isTransactionActive) await runner.rollbackTransaction();
  } catch {
    void (client as unknown as { end(): Promise<void> }).end().catch(() => {});
  }
}
