export const locales = ['zh-CN', 'en'] as const;
export type Locale = (typeof locales)[number];

/** The locale for someone who has not chosen: Chinese for any Chinese, else English. */
export function localeFor(languages: readonly string[]): Locale {
  const known = languages.find((language) => /^(zh|en)\b/i.test(language));
  return known && /^zh/i.test(known) ? 'zh-CN' : 'en';
}
