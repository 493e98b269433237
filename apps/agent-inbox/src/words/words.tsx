import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { preferences } from '../preferences/preferences.ts';
import { useObservable } from '../ui/observable.ts';
import { type Formats, formatsFor } from './formats.ts';
import { type Locale, localeFor } from './locale.ts';
import type { Words } from './zh-cn.ts';

export interface Language {
  locale: Locale;
  words: Words;
  formats: Formats;
}

/** For `useLanguage`. */
export const LanguageContext = createContext<Language | undefined>(undefined);

/** The words and formats of the language in use. */
export function useLanguage(): Language {
  const language = use(LanguageContext);
  if (!language) throw new Error('useLanguage outside of LanguageProvider.');
  return language;
}

export const useWords = (): Words => useLanguage().words;

/** Each dictionary is a chunk of its own. */
export async function loadLanguage(locale: Locale): Promise<Language> {
  const words = locale === 'en' ? (await import('./en.ts')).en : (await import('./zh-cn.ts')).zhCN;
  return { locale, words, formats: formatsFor(locale) };
}

/** The locale this person chose, else what the browser prefers. */
export const wantedLocale = (): Locale => preferences.get().locale ?? localeFor(navigator.languages);

/** Shows its children in the wanted language; the old one stays until a new dictionary has come. */
export function LanguageProvider({
  initial,
  children,
}: {
  initial: Language;
  children: ReactNode;
}): ReactNode {
  const [language, setLanguage] = useState(initial);
  const wanted = useObservable(preferences, ({ locale }) => locale) ?? localeFor(navigator.languages);
  useEffect(() => {
    let wantedStill = true;
    void loadLanguage(wanted).then((loaded) => wantedStill && setLanguage(loaded));
    return () => {
      wantedStill = false;
    };
  }, [wanted]);
  useEffect(() => {
    document.documentElement.lang = language.locale;
  }, [language]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}
