import { types } from 'node:util';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';

/** SQLSTATE classes whose errors pass by themselves: connection, resources, operator, system, transaction rollback. */
const passingClasses = new Set(['08', '53', '57', '58', '40']);
/** `lock_not_available`, `idle_in_transaction_session_timeout`, `transaction_timeout`. */
const passingCodes = new Set(['55P03', '25P03', '25P04']);
/** `connection_failure`: what broke below SQL is told under this code. */
const CONNECTION_FAILURE = '08006';
/** What Node and pg say when a connection cannot be had or is gone; both give no SQLSTATE. */
const systemCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOENT|EAI_AGAIN|ENOTFOUND|EHOST|ENET|EADDR|ESHUTDOWN)/;
const systemWords =
  /terminated|timeout|timed out|not queryable|Connection ended|Client was closed|Cannot use a pool after/i;

/** PostgreSQL, or the way to it, refused. The original error is the `cause`. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';

  constructor(
    message: string,
    /** SQLSTATE; `08006` when the connection failed without one. */
    readonly code: string,
    /** May the same work succeed when it is tried again later? */
    readonly retryable: boolean,
    options: {
      cause?: unknown;
      constraint?: string;
      table?: string;
      /** The connection broke while a commit was under way: it may have taken effect or not. */
      outcomeUnknown?: boolean;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.constraint = options.constraint;
    this.table = options.table;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }

  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly outcomeUnknown: boolean;
}

/**
 * Turns whatever pg or TypeORM threw into a {@link DatabaseError}. Errors that are not the database's stay as they
 * are, so that a transaction can be left by throwing one's own.
 */
export function asDatabaseError(error: unknown, options: { outcomeUnknown?: boolean } = {}): unknown {
  if (error instanceof DatabaseError) return error;
  if (error instanceof QueryFailedError) return asDatabaseError(error.driverError, options);
  if (error instanceof QueryRunnerAlreadyReleasedError) {
    return new DatabaseError('The connection was lost.', CONNECTION_FAILURE, true, {
      cause: error,
      ...options,
    });
  }
  if (!types.isNativeError(error)) return error;
  const { code, constraint, table } = error as { code?: unknown; constraint?: string; table?: string };
  if (typeof code === 'string' && isSqlState(code, error)) {
    return new DatabaseError(error.message, code, isPassing(code), {
      cause: error,
      constraint,
      table,
      ...options,
    });
  }
  if ((typeof code === 'string' && systemCodes.test(code)) || systemWords.test(error.message)) {
    return new DatabaseError(error.message || String(code), CONNECTION_FAILURE, true, {
      cause: error,
      ...options,
    });
  }
  return error;
}

/** Five characters alone are not proof (`EPIPE`): errors of the server also carry a severity. */
function isSqlState(code: string, error: Error): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && 'severity' in error;
}

function isPassing(sqlState: string): boolean {
  return passingClasses.has(sqlState.slice(0, 2)) || passingCodes.has(sqlState);
}
