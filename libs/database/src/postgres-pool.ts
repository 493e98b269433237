import { waitAtMost } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import pg from 'pg';
import type { Pool, PoolClient, ClientConfig } from 'pg';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import type { DatabaseLog } from './database-log.ts';
import { asDatabaseError } from './database-error.ts';
import type { NamedStatement, Statement } from './queryable.ts';
import { typesOfColumns } from './column-types.ts';
import { OrmLog } from './orm-log.ts';
import type { SchemaPart } from './schema-part.ts';
import { listed } from './schema-part.ts';
import { Together } from './together.ts';

export interface PoolOptions {
  url: string;
  parts: SchemaPart[];
  clock: Clock;
  log: DatabaseLog;
  /** Most connections at a time. */
  poolSize: number;
  /** `pg_stat_activity.application_name`. */
  name: string;
  /** For commands whose statements may take long: nothing is cut off but waiting for a connection. */
  patient?: boolean;
}

/** Nobody waits longer than this for a connection, in ms. */
const CONNECT_TIMEOUT = 10_000;
/** A statement that runs longer is cancelled by the server, in ms. The work of this product is made of short ones. */
const STATEMENT_TIMEOUT = 30_000;
/** Waiting for a row or table lock, in ms: shorter than a statement, so that the error says what it was. */
const LOCK_TIMEOUT = 10_000;
/** A transaction whose process went to sleep gives its locks back after this, in ms. */
const IDLE_IN_TRANSACTION_TIMEOUT = 30_000;
/** The server itself may be frozen or out of reach: then we give up waiting for its word, in ms. */
const ANSWER_TIMEOUT = 40_000;
/** A connection that nobody needs is closed after this, in ms. */
const IDLE_TIMEOUT = 60_000;
/** A healthy server answers `select 1` within this, in ms. */
const PING_TIMEOUT = 2_000;
/** What still runs when the pool closes gets this long to end, in ms. */
const CLOSE_PATIENCE = 1_000;
/** And the server this long to hear that the rest is not wanted any more, in ms. */
const FAREWELL_TIMEOUT = 1_000;

/**
 * TypeORM's pool is the one pool of the process. This file alone knows that it is a `pg.Pool` behind its driver.
 */
export class PostgresPool {
  readonly source: DataSource;
  /** From opening on. */
  private pool!: Pool;
  /** When work on a connection was last done without a fault: the server answered. */
  private answeredAt = -Infinity;
  /** The connections that somebody works on. */
  private readonly busy = new Set<PoolClient>();

  constructor(private readonly options: PoolOptions) {
    this.source = new DataSource({
      type: 'postgres',
      url: options.url,
      entities: unique(options.parts.flatMap(({ entities }) => listed(entities))),
      migrations: unique(options.parts.flatMap(({ migrations }) => listed(migrations))),
      migrationsTableName: 'migration',
      schema: 'public',
      poolSize: options.poolSize,
      connectTimeoutMS: CONNECT_TIMEOUT,
      applicationName: options.name,
      // Nothing of ours needs an extension that TypeORM would create by itself.
      installExtensions: false,
      logger: new OrmLog(options.log),
      poolErrorHandler: (error: Error) =>
        options.log('warn', 'An idle database connection broke.', { error: error.message }),
      extra: { ...connectionSettings(options.patient), idleTimeoutMillis: IDLE_TIMEOUT },
    });
  }

  /** Throws {@link DatabaseError} when no connection can be had. */
  async open(): Promise<void> {
    try {
      await this.source.initialize();
      this.pool = (this.source.driver as unknown as { master: Pool }).master;
      // The server's last word may come in the same read as the one that makes a connection ready, before whoever
      // waits for it can listen. The connection is then unusable, which its first statement says.
      this.pool.on('connect', (client) => client.on('error', () => {}));
      this.pool.on('acquire', (client) => this.busy.add(client));
      this.pool.on('release', (error, client) => {
        this.busy.delete(client);
        if (!error) this.answeredAt = this.options.clock.monotonic();
      });
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  /** One statement on any connection. */
  query<Row extends object>(sql: string | NamedStatement, values?: unknown[]): Promise<Row[]> {
    return this.on((client) => send<Row>(client, sql, values));
  }

  /** See {@link Database.together}. */
  together(statements: readonly Statement[]): Promise<object[][]> {
    return this.on((client) => sendTogether(client, statements));
  }

  private async on<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.take();
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      if (isDoubtful(error)) broken = error as Error;
      throw error;
    } finally {
      client.removeListener('error', onError);
      client.release(broken);
    }
  }

  /** A connection of its own, for a transaction or a migration, with the TypeORM runner that holds it. */
  async runner(): Promise<{ runner: QueryRunner; client: PoolClient }> {
    const runner = this.source.createQueryRunner('master');
    try {
      return { runner, client: (await runner.connect()) as PoolClient };
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  /**
   * Throws when the server answers nobody within two seconds. Where all connections are busy our own question waits for
   * one while others are answered: that is no outage, and to send everybody to the next replica would make it one there.
   */
  async ping(): Promise<void> {
    const answer = this.query({ name: 'ping', text: 'select 1' });
    let cancel = (): void => {};
    const late = new Promise<void>((resolve, reject) => {
      cancel = this.options.clock.after(PING_TIMEOUT, () =>
        this.hasAnswered() ? resolve() : reject(new Error('The database does not answer.')),
      );
    });
    await Promise.race([answer, late]).finally(cancel);
  }

  private hasAnswered(): boolean {
    return this.options.clock.monotonic() - this.answeredAt < PING_TIMEOUT;
  }

  /** Connections held now, and callers that wait for one. For metrics. */
  get usage(): { total: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /**
   * Waits a second for what runs, then cuts it off, at the server too: work that nobody waits for any more would go on
   * to wait for locks there, and to hold its own, when this process is gone. Ends in time even where no server answers.
   */
  async close(): Promise<void> {
    if (!this.source.isInitialized) return;
    const { clock } = this.options;
    await waitAtMost(clock, CLOSE_PATIENCE, this.rest());
    if (this.busy.size > 0) await this.cutOff();
    await waitAtMost(clock, FAREWELL_TIMEOUT, this.source.destroy());
  }

  /** Resolves once nobody works on a connection or waits for one. */
  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        const { total, idle, waiting } = this.usage;
        if (total === idle && waiting === 0) resolve();
      };
      // What the pool says comes before what it does.
      for (const event of ['release', 'remove'] as const) this.pool.on(event, () => queueMicrotask(look));
      look();
    });
  }

  private async cutOff(): Promise<void> {
    const { clock, log } = this.options;
    const running = [...this.busy] as unknown as Wired[];
    log('warn', 'Closing database connections on which work does not end.', { connections: running.length });
    await waitAtMost(clock, FAREWELL_TIMEOUT, this.terminate(running));
    for (const { connection } of running) connection.stream.destroy();
  }

  private async terminate(running: Wired[]): Promise<void> {
    const client = this.client().on('error', () => {});
    try {
      await client.connect();
      await client.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [
        running.map(({ processID }) => processID),
      ]);
    } catch {
      // Then the server is away, and what runs there ends with it.
    } finally {
      void client.end().catch(() => {});
    }
  }

  /** A connection outside the pool, for LISTEN. */
  client(): pg.Client {
    return new pg.Client({
      connectionString: this.options.url,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      application_name: `${this.options.name} listener`,
      ...connectionSettings(),
    });
  }

  private async take(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw asDatabaseError(error);
    }
  }
}

/** What `pg.Client` has beside its types. */
interface Wired {
  /** Of the server's process at the other end. */
  processID: number;
  connection: { stream: { destroy(): void } };
}

/** Runs one statement on a connection. Throws {@link DatabaseError}. */
export async function send<Row extends object>(
  client: Pick<PoolClient, 'query'>,
  sql: string | NamedStatement,
  values?: unknown[],
): Promise<Row[]> {
  try {
    const result = await client.query<Row>(
      typeof sql === 'string' ? { text: sql, values } : { ...sql, values },
    );
    return result.rows;
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** Throws {@link DatabaseError}. */
function sendTogether(client: PoolClient, statements: readonly Statement[]): Promise<object[][]> {
  return new Promise((resolve, reject) => {
    const together = new Together(statements, typesOfColumns);
    together.callback = (error, rows) => (error ? reject(asDatabaseError(error)) : resolve(rows!));
    client.query(together);
  });
}

/** After such an error the connection itself may be half way through an answer: it must not be used again. */
export function isDoubtful(error: unknown): boolean {
  const { code } = error as { code?: string };
  return typeof code !== 'string' || /^(08|57P|58|XX|25P03|25P04)/.test(code);
}

const timeouts: ClientConfig = {
  statement_timeout: STATEMENT_TIMEOUT,
  lock_timeout: LOCK_TIMEOUT,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
  query_timeout: ANSWER_TIMEOUT,
};

/** Several packages may bring the same part. */
const unique = <T>(list: T[]): T[] => [...new Set(list)];

function connectionSettings(patient = false): ClientConfig {
  return {
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: typesOfColumns,
    ...(patient ? {} : timeouts),
  };
}

/** Another source for the same database whose statements may take as long as they need: for migrations. */
export function patientSource(source: DataSource): DataSource {
  const extra = { ...connectionSettings(true), idleTimeoutMillis: IDLE_TIMEOUT };
  return new DataSource({ ...(source.options as PostgresDataSourceOptions), poolSize: 1, extra });
}
