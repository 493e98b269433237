import type { Problem, ProblemCode } from '@yixian/contracts';

/** `offline`: no answer came. `internal`: an answer came that is not one of the hub's. */
export type FailureCode = ProblemCode | 'offline';

/** A request that was refused or got no answer. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  constructor(
    readonly code: FailureCode,
    message: string,
    /** The whole body of the refusal, for codes that carry more. */
    readonly body?: unknown,
    readonly details: NonNullable<Problem['error']['details']> = [],
    /** Seconds to wait before asking again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return ['offline', 'unavailable', 'rate_limited', 'internal', 'unauthenticated'].includes(this.code);
  }
}

/** The refusal that an HTTP answer tells of. */
export function failureOf(status: number, body: unknown): RequestFailed {
  const error = (body as Partial<Problem> | null)?.error;
  if (error?.code) return new RequestFailed(error.code, error.message, body, error.details, error.retryAfter);
  const code = codeOfStatus[status] ?? (status >= 500 ? 'unavailable' : 'internal');
  return new RequestFailed(code, `HTTP ${status}`, body);
}

/** What a failure is called, whatever was thrown. */
export const codeOf = (thrown: unknown): FailureCode =>
  thrown instanceof RequestFailed ? thrown.code : 'internal';

const codeOfStatus: Record<number, ProblemCode> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported',
  429: 'rate_limited',
  500: 'internal',
};
