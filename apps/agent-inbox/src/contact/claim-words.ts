import type { Words } from '../words/zh-cn.ts';

/** A claim as the hub compares it, `email a@b.cn`, with its kind in words. What has no such form stays as it is. */
export function claimWords(claim: string, { contact }: Words): string {
  const [, kind = '', value = ''] = /^(\w+)[ :](.+)$/.exec(claim) ?? [];
  return Object.hasOwn(contact.claim, kind)
    ? `${contact.claim[kind as keyof typeof contact.claim]} ${value}`
    : claim;
}
