import { beginToOpenEmbedded } from '@yixian/database/begin';
import { processEnvironment, readSettings } from './settings/settings.ts';

/**
 * Begins what a start can do while the rest of the program is loaded: a process without DATABASE_URL starts its
 * database. For the first line of a program, which loads all else after it.
 */
export function begin(): void {
  const settings = settingsSoFar();
  if (settings && !settings.DATABASE_URL) beginToOpenEmbedded(settings.DATA_DIR);
}

/** `undefined` when they are wrong, of which the start itself tells all. */
function settingsSoFar() {
  try {
    return readSettings([], processEnvironment()).service;
  } catch {
    return undefined;
  }
}
