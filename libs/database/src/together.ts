import pg from 'pg';
import type { Connection, QueryResult, Submittable } from 'pg';
import type { Statement } from './queryable.ts';

/** What `pg.Query` has beside its types: how an answer of the server reaches it. */
interface RunningQuery extends Submittable {
  name?: string;
  text: string;
  callback?: (error: Error | null, result?: QueryResult) => void;
  _result: { _types: unknown };
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleEmptyQuery(connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

type Wire = Connection & { submittedNamedStatements: Record<string, string>; sync(): void };

/**
 * Statements sent in one write and answered in one: until the single `Sync` behind the last of them, PostgreSQL takes
 * them as one transaction (protocol, "Pipelining"). To be given to `client.query`, whose timeout then holds for all.
 * What `callback` gets is the rows of each.
 */
export class Together implements Submittable {
  callback: ((error: Error | null, rows?: object[][]) => void) | undefined;
  private readonly queries: RunningQuery[];
  private readonly results: object[][] = [];
  /** How many of the statements have been answered. */
  private answered = 0;
  private failed: Error | undefined;

  constructor(statements: readonly Statement[], types: unknown) {
    this.queries = statements.map((statement) => {
      const query = new pg.Query(statement) as unknown as RunningQuery;
      query._result._types = types;
      return query;
    });
    for (const query of this.queries) {
      query.callback = (error, result) => {
        if (error) this.failed ??= error;
        else this.results.push(result!.rows as object[]);
      };
    }
  }

  /** Of the statement that is being answered: the client remembers by it what the server has prepared. */
  get name(): string | undefined {
    return this.current.name;
  }

  get text(): string {
    return this.current.text;
  }

  submit(connection: Connection): Error | null {
    const last = this.queries.length - 1;
    const unended = Object.create(connection, { sync: { value: () => {} } }) as Connection;
    connection.stream.cork();
    try {
      for (const [index, query] of this.queries.entries()) {
        const refused = query.submit(index < last ? unended : connection) as Error | null | undefined;
        this.failed ??= refused ?? undefined;
      }
      // A value that cannot be sent: what was written of the others must never reach the server.
      if (this.failed) connection.stream.destroy();
    } finally {
      connection.stream.uncork();
    }
    return this.failed ?? null;
  }

  handleRowDescription(message: unknown): void {
    this.current.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.current.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    const query = this.current;
    query.handleCommandComplete(message, connection);
    query.handleReadyForQuery(connection);
    this.answered += 1;
  }

  handleEmptyQuery(connection: Connection): void {
    this.current.handleEmptyQuery(connection);
  }

  /** The statements behind the one that failed were not even looked at. */
  handleError(error: Error, connection: Connection): void {
    const { submittedNamedStatements: submitted } = connection as Wire;
    for (const { name } of this.queries.slice(this.answered)) if (name) delete submitted[name];
    this.callback?.(error);
  }

  handleReadyForQuery(_connection: Connection): void {
    if (this.failed) this.callback?.(this.failed);
    else this.callback?.(null, this.results);
  }

  private get current(): RunningQuery {
    return this.queries[Math.min(this.answered, this.queries.length - 1)]!;
  }
}
