import { problemCodes } from '@yixian/contracts';
import type { Problem, ProblemCode } from '@yixian/contracts';

/** A request that is refused, at any door. Becomes a {@link Problem}: an HTTP answer, or a socket's acknowledgement. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: ProblemCode,
    /** For the client's developer; shown to nobody else. */
    message: string,
    readonly options: {
      details?: { path: string; message: string }[];
      /** Seconds. */
      retryAfter?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
  }
}

/** The HTTP status of each code. */
export const statusOf: Record<ProblemCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  illegal_move: 409,
  too_large: 413,
  rate_limited: 429,
  unsupported: 415,
  unavailable: 503,
  unknown_site: 404,
  origin_refused: 403,
  token_invalid: 401,
  token_expired: 401,
  identity_required: 401,
  internal: 500,
};

export const isProblemCode = (code: unknown): code is ProblemCode =>
  (problemCodes as readonly unknown[]).includes(code);

export const problem = (refused: Refused): Problem => ({
  error: {
    code: refused.code,
    message: refused.message,
    ...(refused.options.details && { details: refused.options.details }),
    ...(refused.options.retryAfter !== undefined && { retryAfter: refused.options.retryAfter }),
  },
});
