import { types } from 'node:util';
import { HttpException } from '@nestjs/common';
import type { ProblemCode } from '@yixian/contracts';
import { ZodError } from 'zod';
import { isProblemCode, Refused } from './refused.ts';

/** A client that is told to come back waits this long, in seconds. */
const SOON = 1;

const codesByStatus: Record<number, ProblemCode> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'unsupported',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported',
  422: 'invalid',
  429: 'rate_limited',
  503: 'unavailable',
};

/** What a door answers to an error, whoever threw it. `internal` means that nobody expected it: that one is logged. */
export function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof ZodError) return ofZod(error);
  if (!types.isNativeError(error)) return unexpected(error);
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  if (isProblemCode(code) && code !== 'internal') return new Refused(code, error.message, { cause: error });
  if (retryable === true) {
    return new Refused('unavailable', 'Try again in a moment.', { retryAfter: SOON, cause: error });
  }
  return ofStatus(error) ?? unexpected(error);
}

function ofZod(error: ZodError): Refused {
  const details = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return new Refused('invalid', 'The request does not fit.', { details: details.slice(0, 20), cause: error });
}

/** Nest's exceptions, and the body parser's errors, which carry a status as well. */
function ofStatus(error: Error): Refused | undefined {
  const status = error instanceof HttpException ? error.getStatus() : (error as { status?: unknown }).status;
  const code = typeof status === 'number' ? codesByStatus[status] : undefined;
  return code && new Refused(code, error.message, { cause: error });
}

function unexpected(cause: unknown): Refused {
  return new Refused('internal', 'Something went wrong here. It was noted.', { cause });
}
