import type { Claim } from '@yixian/contracts';
import type { Words } from '../words/zh-cn.ts';

/** A claim as the hub compares it, `email a@b.cn`, with its kind in words. What has no such form stays as it is. */
export function claimWords(claim: string, { contact }: Words): string {
  const [, kind = '', value = ''] = /^(\w+)[ :](.+)$/.exec(claim) ?? [];
  return Object.hasOwn(contact.claim, kind)
    ? `${contact.claim[kind as keyof typeof contact.claim]} ${value}`
    : claim;
}

/** What proves an identity. A code that was scanned once says nothing to anybody: that it was scanned does. */
export function proofWords({ kind, value, evidence }: Claim, { contact }: Words): string {
  const [, account] = /^qr:([\w-]+):/.exec(evidence ?? '') ?? [];
  return account ? contact.scanned(account) : `${contact.claim[kind]} ${value}`;
}

/** Why identities were linked: a person's own words, or the claim that the hub found on both, `external 42 (jwt:shop)`. */
export function evidenceWords(evidence: string, words: Words): string {
  const [, account] = /^external \S+ \(qr:([\w-]+):\S+\)$/.exec(evidence) ?? [];
  return account ? words.contact.scanned(account) : evidence;
}
