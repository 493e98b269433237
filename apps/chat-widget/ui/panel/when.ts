import type { VisitorLocale } from '@yixian/contracts/visitor-socket';
import type { Words } from './words.ts';

const DAY = 86_400_000;
const dayOf = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

export const clockTime = (at: string, locale: VisitorLocale): string =>
  new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** 今天, 昨天, or the date: what stands between the messages of two days. */
export function dayName(at: string, now: Date, locale: VisitorLocale, words: Words): string {
  const day = dayOf(new Date(at));
  const ago = Math.round((dayOf(now) - day) / DAY);
  if (ago === 0) return words.today;
  if (ago === 1) return words.yesterday;
  const year = new Date(at).getFullYear() === now.getFullYear() ? undefined : ('numeric' as const);
  return new Date(day).toLocaleDateString(locale, { year, month: 'long', day: 'numeric', weekday: 'short' });
}

/** A moment to come: "周一 09:00". */
export const weekTime = (at: string, locale: VisitorLocale): string =>
  new Date(at).toLocaleString(locale, {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });

export const sameDay = (one: string, other: string): boolean =>
  dayOf(new Date(one)) === dayOf(new Date(other));

/** Bytes for people. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [size, unit] = bytes < 1024 ** 2 ? [bytes / 1024, 'KB'] : [bytes / 1024 ** 2, 'MB'];
  return `${size < 10 ? Math.round(size * 10) / 10 : Math.round(size)} ${unit}`;
}
