import { readJournal } from './journal.ts';
import type { Note } from './journal.ts';
import type { Violation } from './checker.ts';
import { wordFor } from './words.ts';

/** Lines of one history, and how far from the event faults are told, in ms. */
const MOST = 30;
const AROUND_MS = 8000;

/** What the journals say of a violation: what its customer did about that very message, and what was broken then. */
export async function historyAround({ who, code }: Violation, journals: string[]): Promise<string[]> {
  const own: Note[] = [];
  const faults: Note[] = [];
  const word = code ? new RegExp(`\\b${wordFor(code)}\\b`) : /^(WRONG|offline|online|reloads|leaves)/;
  for (const journal of journals) {
    await readJournal(journal, (note) => {
      if (note.who === 'fault') faults.push(note);
      else if (
        note.who === who &&
        (word.test(note.what) || /^(WRONG|offline|online|reloads|leaves)/.test(note.what))
      )
        own.push(note);
    });
  }
  const about = own.filter(({ what }) => word.test(what));
  const [from, to] = [about[0]?.at ?? 0, about.at(-1)?.at ?? Infinity];
  return [...own, ...faults]
    .filter(({ at }) => at >= from - AROUND_MS && at <= to + AROUND_MS)
    .sort((a, b) => a.at - b.at)
    .slice(-MOST)
    .map(({ at, who: of, what }) => `${(at / 1000).toFixed(3)} ${of} ${what}`);
}
