/**
 * - `platform_unsupported`: there are no binaries for this machine;
 * - `disk_full`, `data_version`, `data_owner`: the data directory cannot be used, and a person must act;
 * - `server_failed`: it did not start; the message ends with what it said.
 */
export type EmbeddedErrorCode =
  'platform_unsupported' | 'disk_full' | 'data_version' | 'data_owner' | 'server_failed';

/** The embedded PostgreSQL cannot be run. The message tells a person what to do. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
  readonly retryable = false;

  constructor(
    readonly code: EmbeddedErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

const DISK_FULL = /no space left on device|disk quota exceeded|ENOSPC|EDQUOT/i;

/** Makes the error for what a PostgreSQL program said on its way out. */
export function embeddedErrorFrom(what: string, said: string): EmbeddedError {
  if (DISK_FULL.test(said)) {
    return new EmbeddedError('disk_full', `${what}: the disk that holds the data directory is full.`);
  }
  if (/could not look up effective user ID/.test(said)) {
    return new EmbeddedError(
      'server_failed',
      `${what}: the user of this process has no account on this system (no line in /etc/passwd), which PostgreSQL ` +
        'needs. Run as a user that has one, or set DATABASE_URL to a PostgreSQL server.',
    );
  }
  const lines = said.trim().split('\n').slice(-8).join('\n');
  return new EmbeddedError('server_failed', `${what}. It said:\n${lines || '(nothing)'}`);
}
