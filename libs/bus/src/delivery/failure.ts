import { types } from 'node:util';
import { asDatabaseError } from '@yixian/database';
import { STALE_OWNER, StaleOwner } from '../errors.ts';

/**
 * What a failed attempt means: `stale`, somebody else owns the partition; `passing`, it may work later, however often
 * it is tried; `lasting`, trying is not known to help.
 */
export type Failure = 'stale' | 'passing' | 'lasting';

export function failureOf(thrown: unknown): Failure {
  const error = asDatabaseError(thrown) as { code?: unknown; retryable?: unknown } | null | undefined;
  if (error instanceof StaleOwner || error?.code === STALE_OWNER) return 'stale';
  return error?.retryable === true ? 'passing' : 'lasting';
}

/** An error in one line, for a dead letter or a log. */
export function describe(thrown: unknown): string {
  if (!types.isNativeError(thrown)) return String(thrown).slice(0, 2000);
  const { code } = thrown as { code?: unknown };
  return `${thrown.name}${typeof code === 'string' ? ` ${code}` : ''}: ${thrown.message}`.slice(0, 2000);
}
