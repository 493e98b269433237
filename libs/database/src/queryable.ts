/** Anything SQL can be sent to: the database itself, or a transaction. */
export interface Queryable {
  /**
   * Runs one statement. `name` makes it a prepared statement of the connection: give it to statements of the hot path.
   * Throws {@link DatabaseError}.
   */
  query<Row extends object>(sql: string | NamedStatement, values?: unknown[]): Promise<Row[]>;
}

export interface NamedStatement {
  name: string;
  text: string;
}

/** A statement with its values. */
export interface Statement extends NamedStatement {
  values: unknown[];
}
