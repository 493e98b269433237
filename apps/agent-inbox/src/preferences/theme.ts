import { useSyncExternalStore } from 'react';
import { preferences } from './preferences.ts';

/** Keeps `<html data-theme>` at what the person, or else the system, wants. */
export function applyTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme } = preferences.get();
    document.documentElement.dataset['theme'] =
      theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  };
  apply();
  dark.addEventListener('change', apply);
  preferences.subscribe(apply);
}

/** Whether the desk is dark now, for what cannot be styled by `data-theme`. */
export const useIsDark = (): boolean =>
  useSyncExternalStore(watchTheme, () => document.documentElement.dataset['theme'] === 'dark');

function watchTheme(onChange: () => void): () => void {
  const watcher = new MutationObserver(onChange);
  watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => watcher.disconnect();
}
