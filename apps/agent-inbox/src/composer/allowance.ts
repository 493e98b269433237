import type { Allowance } from '@yixian/contracts';

/** How an allowance stands now. `parts`: how many messages what is written will be. */
export interface AllowanceNow {
  /** Nothing may be sent at all. */
  closed: boolean;
  /** More is written than may be sent. */
  short: boolean;
  left: number | null;
  /** Milliseconds until it ends; null: it does not. */
  remaining: number | null;
}

/** As it stands at `now`, in milliseconds: what the channel said last, and what time made of it. */
export function allowanceAt({ until, left }: Allowance, now: number, parts: number): AllowanceNow {
  const remaining = until === null ? null : Date.parse(until) - now;
  const closed = left === 0 || (remaining !== null && remaining <= 0);
  return { closed, short: !closed && left !== null && parts > left, left, remaining };
}

/** So many messages a reply will be where files cannot go with text: the text, and each file. */
export const partsOf = (text: string, files: number): number => (text.trim() === '' ? 0 : 1) + files;
