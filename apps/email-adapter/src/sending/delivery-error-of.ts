import { DeliveryError } from '@yixian/channel';

/** What nodemailer's errors say beside their message. */
interface SmtpError {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/** By the subject and detail of an enhanced status code (RFC 3463), such as the `1.1` of `5.1.1`. */
const byStatus: [pattern: RegExp, code: string][] = [
  [/^5\.1\.(0|1|2|3|6|10)$/, 'address_unknown'],
  [/^5\.2\.1$/, 'address_disabled'],
  [/^\d\.2\.2$/, 'mailbox_full'],
  [/^\d\.(2\.3|3\.4)$/, 'too_large'],
  [/^\d\.7\./, 'policy_refused'],
];

/** These say that the address itself takes no mail. */
export const DEAD_ADDRESS = new Set(['address_unknown', 'address_disabled']);

/** Our own mistakes: as certain as anything can be, and no server will ever think otherwise. */
const ours: Record<string, string> = {
  EENVELOPE: 'address_invalid',
  EMESSAGE: 'too_large',
  EMAXRECIPIENTS: 'too_many_recipients',
};

/**
 * What a failed SMTP dialogue means. A server that answered 4xx may take it later, 5xx never will. Without an answer it
 * depends on how far we were: before the mail was said to its end no server may deliver it (RFC 5321 section 4.1.1.4),
 * after that nobody can know.
 */
export function deliveryErrorOf(error: unknown, { ended }: { ended: boolean }): DeliveryError {
  const { code = '', responseCode, response = '', command = '' } = (error ?? {}) as SmtpError;
  const message = response || (error as Error | undefined)?.message || code;
  const because = (reason: string, options: { retryable: boolean; certain: boolean }) =>
    new DeliveryError(reason, { ...options, message, cause: error });
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'EOAUTH2') {
    return because('login_failed', { retryable: true, certain: true });
  }
  if (responseCode !== undefined) {
    const retryable = responseCode < 500 || responseCode === 503;
    return because(reasonOf(responseCode, response, command), { retryable, certain: true });
  }
  if (ended) return because('connection_lost', { retryable: false, certain: false });
  if (ours[code]) return because(ours[code], { retryable: false, certain: true });
  return because(code === 'ESTREAM' ? 'attachment_unreadable' : 'server_unreachable', {
    retryable: true,
    certain: true,
  });
}

function reasonOf(responseCode: number, response: string, command: string): string {
  const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const known = status && byStatus.find(([pattern]) => pattern.test(status))?.[1];
  if (known) return known;
  // Servers without enhanced codes: of a recipient, 550 to 553 speak of its mailbox (RFC 5321 section 4.2.3).
  if (command === 'RCPT TO' && [551, 553].includes(responseCode)) return 'address_unknown';
  if (responseCode === 552) return 'too_large';
  return responseCode < 500 ? 'refused_for_now' : 'refused';
}
