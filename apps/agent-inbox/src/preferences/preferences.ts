import { localStore } from '../ui/local-storage.ts';
import { Observable } from '../ui/observable.ts';
import type { Locale } from '../words/locale.ts';

export type Theme = 'system' | 'light' | 'dark';

/** How this person wants the desk to look, kept in this browser. */
export interface Preferences {
  theme: Theme;
  /** Absent: as the browser says. */
  locale?: Locale;
  /** Pixels, 260 to 420. */
  listWidth: number;
  contextPane: boolean;
}

const KEY = 'yixian:preferences';
const usual: Preferences = { theme: 'system', listWidth: 320, contextPane: true };

export const preferences = new Observable<Preferences>({ ...usual, ...localStore.read<Preferences>(KEY) });

export function prefer(change: Partial<Preferences>): void {
  preferences.set({ ...preferences.get(), ...change });
  localStore.write(KEY, preferences.get());
}
