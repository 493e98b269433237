import type { words as zh } from './words.zh-cn.ts';

/** Everything the panel says, in one language. */
export type Words = typeof zh;

/** A language is a file of its own, loaded when it is spoken. */
export async function wordsOf(locale: string | null): Promise<Words> {
  const { words } = await (locale === 'en' ? import('./words.en.ts') : import('./words.zh-cn.ts'));
  return words;
}

/** Words for a refusal, by its code. */
export const refusal = (words: Words, code: string): string =>
  words.refused[code as keyof Words['refused']] ?? words.refused.other;
