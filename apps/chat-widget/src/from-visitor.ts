import type { Received } from '@yixian/channel';
import type { Attachment, Claim, Payload, Say, Sender } from '@yixian/contracts';
import type { Visitor, VisitorSession } from './visitors/visitor.ts';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[\d\s()-]{5,30}$/;

/** A visitor's message as the hub takes it. The nonce, made by the browser, makes it the same message when resent. */
export function fromVisitor(
  say: Say,
  { visitor, locale, page }: Pick<VisitorSession, 'visitor' | 'locale' | 'page'>,
  { attachments, now }: { attachments: Attachment[]; now: number },
): Received {
  const payload: Payload = { nonce: say.nonce, ...(page && { page }) };
  return {
    account: visitor.site,
    address: visitor.address,
    nativeId: `${visitor.address}:${say.nonce}`,
    occurredAt: now,
    sender: senderOf(visitor, locale),
    text: say.text.trim(),
    attachments,
    payload,
  };
}

/** Who a visitor is. Only what the site has signed counts as verified; what they typed is shown, and proves nothing. */
export function senderOf({ known, answers }: Visitor, locale?: string): Sender {
  const name = known?.name ?? answers.name;
  return {
    ...(name && { name }),
    ...(locale && { locale }),
    claims: [...claimsSigned(known), ...claimsTyped(answers)],
  };
}

function claimsSigned(known: Visitor['known']): Claim[] {
  if (!known) return [];
  const { external, email, phone, evidence } = known;
  const claims: [Claim['kind'], string | undefined][] = [
    ['external', external],
    ['email', email],
    ['phone', phone && plainPhone(phone)],
  ];
  return claims.flatMap(([kind, value]) => (value ? [{ kind, value, verified: true, evidence }] : []));
}

function claimsTyped({ email, phone, contact }: Visitor['answers']): Claim[] {
  const typed = [email, phone, contact].flatMap((text) => (text ? [claimIn(text)] : []));
  return typed.flatMap((claim) => (claim ? [{ ...claim, verified: false }] : []));
}

function claimIn(text: string): Pick<Claim, 'kind' | 'value'> | undefined {
  if (EMAIL.test(text)) return { kind: 'email', value: text.toLowerCase() };
  return PHONE.test(text) ? { kind: 'phone', value: plainPhone(text) } : undefined;
}

const plainPhone = (text: string): string => text.replace(/[^\d+]/g, '');
