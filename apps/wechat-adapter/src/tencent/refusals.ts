import { DeliveryError } from '@yixian/channel';
import { TencentRefused, TencentSilent } from './tencent-refused.ts';

interface Refusal {
  /** The stable reason that the desk has words for. */
  reason: string;
  retryable?: boolean;
}

/**
 * What Tencent's error codes mean for a message.
 * Official accounts: https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
 * WeCom: https://developer.work.weixin.qq.com/document/path/90313 (95xxx: customer service)
 */
const refusals: Record<number, Refusal> = {
  [-1]: { reason: 'provider_busy', retryable: true },
  40001: { reason: 'credentials_refused' },
  40003: { reason: 'address_unknown' },
  40004: { reason: 'file_refused' },
  40005: { reason: 'file_refused' },
  40006: { reason: 'file_too_large' },
  40007: { reason: 'file_refused' },
  40008: { reason: 'content_refused' },
  40009: { reason: 'file_too_large' },
  40013: { reason: 'credentials_refused' },
  40014: { reason: 'credentials_refused' },
  40037: { reason: 'template_refused' },
  40096: { reason: 'address_unknown' },
  40125: { reason: 'credentials_refused' },
  40164: { reason: 'ip_not_allowed' },
  41028: { reason: 'template_refused' },
  42001: { reason: 'credentials_refused' },
  43004: { reason: 'not_subscribed' },
  43101: { reason: 'notice_not_allowed' },
  44002: { reason: 'content_refused' },
  45001: { reason: 'file_too_large' },
  45002: { reason: 'text_too_long' },
  45008: { reason: 'content_refused' },
  45009: { reason: 'daily_quota' },
  45011: { reason: 'provider_busy', retryable: true },
  45015: { reason: 'window_closed' },
  45047: { reason: 'quota_exhausted' },
  47003: { reason: 'template_refused' },
  48001: { reason: 'not_permitted' },
  48002: { reason: 'not_subscribed' },
  48004: { reason: 'account_blocked' },
  50002: { reason: 'account_blocked' },
  60020: { reason: 'ip_not_allowed' },
  61007: { reason: 'not_permitted' },
  87009: { reason: 'credentials_refused' },
  87014: { reason: 'content_refused' },
  95000: { reason: 'account_disabled' },
  95001: { reason: 'quota_exhausted' },
  95002: { reason: 'window_closed' },
  95004: { reason: 'account_disabled' },
  95011: { reason: 'served_elsewhere' },
  95013: { reason: 'window_closed' },
  95016: { reason: 'served_elsewhere' },
  95018: { reason: 'served_elsewhere' },
};

/** Codes that say that the access token is not good any more. */
export const isTokenError = (error: unknown): boolean =>
  error instanceof TencentRefused && [40001, 40014, 42001].includes(error.errcode);

/**
 * What an error of Tencent's API means for the message that was being sent. A refusal is certain; a silence after the
 * request had gone out is not, unless the request could be told apart from its repetition.
 */
export function deliveryErrorOf(error: unknown, { repeatable = false } = {}): unknown {
  if (error instanceof TencentRefused) {
    const { reason, retryable = false } = refusals[error.errcode] ?? { reason: `tencent_${error.errcode}` };
    return new DeliveryError(reason, { retryable, certain: true, cause: error, message: error.message });
  }
  if (error instanceof TencentSilent) {
    const certain = !error.mayHaveArrived || repeatable;
    return new DeliveryError('provider_unreachable', { retryable: true, certain, cause: error });
  }
  return error;
}
