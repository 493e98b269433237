import { z } from 'zod';

/** Every error code that crosses a door, HTTP or socket. Stable: clients may switch on it. */
export const problemCodes = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'illegal_move',
  'too_large',
  'rate_limited',
  'unsupported',
  'unavailable',
  'unknown_site',
  'origin_refused',
  'token_invalid',
  'token_expired',
  'identity_required',
  'internal',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** The body of every refusal. */
export const Problem = z.object({
  error: z.object({
    code: z.enum(problemCodes),
    message: z.string(),
    /** Which fields were wrong and why, for `invalid`. */
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** Seconds, for `rate_limited` and `unavailable`. */
    retryAfter: z.number().optional(),
  }),
});
export type Problem = z.infer<typeof Problem>;
