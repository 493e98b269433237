import type { AccountFinding } from '@yixian/contracts';

/** A finding: of which part, how it stands, and what it says in Chinese and English. */
export const finding = (
  part: string,
  state: AccountFinding['state'],
  zh: string,
  en: string,
): AccountFinding => ({ part, state, says: { 'zh-CN': zh, en } });
