import type { ReactNode } from 'react';
import { prefer, preferences, type Theme } from '../preferences/preferences.ts';
import { Icon } from '../ui/icon.tsx';
import { useObservable } from '../ui/observable.ts';
import { Popover } from '../ui/popover.tsx';
import { type Locale, locales } from '../words/locale.ts';
import { useLanguage } from '../words/words.tsx';

const ownName: Record<Locale, string> = { 'zh-CN': '简体中文', en: 'English' };

/** Language and light or dark. */
export function AppearanceMenu(): ReactNode {
  const { words, locale } = useLanguage();
  const theme = useObservable(preferences, (value) => value.theme);
  const themes: [Theme, string][] = [
    ['system', words.nav.themeSystem],
    ['light', words.nav.themeLight],
    ['dark', words.nav.themeDark],
  ];
  return (
    <Popover label={words.nav.appearance} className="icon-button" button={<Icon name="sun" />}>
      {() => (
        <div className="menu">
          <fieldset className="choice">
            <legend>{words.nav.language}</legend>
            {locales.map((one) => (
              <label key={one} lang={one}>
                <input
                  type="radio"
                  name="locale"
                  checked={one === locale}
                  onChange={() => prefer({ locale: one })}
                />
                {ownName[one]}
              </label>
            ))}
          </fieldset>
          <fieldset className="choice">
            <legend>{words.nav.theme}</legend>
            {themes.map(([one, name]) => (
              <label key={one}>
                <input
                  type="radio"
                  name="theme"
                  checked={one === theme}
                  onChange={() => prefer({ theme: one })}
                />
                {name}
              </label>
            ))}
          </fieldset>
        </div>
      )}
    </Popover>
  );
}
