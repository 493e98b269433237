import type { MailHeader } from '../parsing/parsed-mail.ts';

/** Nobody reads what is sent to these. */
const NOBODY =
  /^(no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|owner-.*|.*-request|.*-bounces)([+.-].*)?@/i;
const SUPPRESSED = /\b(all|oof|autoreply)\b/i;

/**
 * Whether a machine may answer a mail (RFC 3834 section 2): never a machine's, a list's, a bounce or our own; only what
 * was addressed to us by name.
 */
export function mayAnswer(mail: {
  headers: readonly MailHeader[];
  auto: false | string;
  sender: string;
  envelopeFrom: string | undefined;
  addressed: readonly string[];
  isOurs(address: string): boolean;
}): boolean {
  const header = (name: string) => mail.headers.find((one) => one.name === name)?.value.trim() ?? '';
  if (mail.auto !== false || mail.envelopeFrom === '' || /^<\s*>$/.test(header('return-path'))) return false;
  if (!/^(no)?$/i.test(header('auto-submitted').split(';')[0]!.trim())) return false;
  if (SUPPRESSED.test(header('x-auto-response-suppress'))) return false;
  if (/^(bulk|list|junk|auto_reply)$/i.test(header('precedence'))) return false;
  if (mail.headers.some(({ name }) => name.startsWith('list-'))) return false;
  if (NOBODY.test(mail.sender) || mail.isOurs(mail.sender)) return false;
  return mail.addressed.some((address) => mail.isOurs(address));
}
