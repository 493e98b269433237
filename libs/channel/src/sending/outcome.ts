import type { DeliveryState } from '@yixian/contracts';
import { DeliveryError } from '../channel.ts';
import type { Sent } from '../channel.ts';
import { nextPause } from './retry-policy.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** What came of one attempt. */
export type Outcome =
  | { kind: 'done'; state: DeliveryState; nativeId?: string; reason?: string }
  | { kind: 'again'; afterMs: number; reason: string };

/** The reason a delivery is `unknown` because nobody lived to see how it ended. */
export const INTERRUPTED = 'interrupted';
/** The channel did not say in time. */
export const TIMED_OUT = 'timed_out';

export function outcomeOfSent(sent: Sent): Outcome {
  return { kind: 'done', state: sent.state ?? 'sent', nativeId: sent.nativeId?.slice(0, 512) };
}

/**
 * What an error of the channel means for the message. Only an error that says so is certain: anything else may have
 * been thrown after the customer got it.
 */
export function outcomeOfError(
  error: unknown,
  tried: { attempts: number; ageMs: number; policy: RetryPolicy },
): Outcome {
  const reason = reasonOf(error);
  if (!(error instanceof DeliveryError) || !error.certain) return { kind: 'done', state: 'unknown', reason };
  const policy = { ...tried.policy, ...error.options.patience };
  const afterMs = error.retryable ? nextPause(policy, tried.attempts, tried.ageMs) : undefined;
  return afterMs === undefined
    ? { kind: 'done', state: 'failed', reason }
    : { kind: 'again', afterMs, reason };
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return (typeof code === 'string' && code !== '' ? code : 'unexpected_error').slice(0, 500);
}
