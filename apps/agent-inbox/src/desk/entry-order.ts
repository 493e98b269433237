import type { Entry } from '@yixian/contracts';

type Placed = Pick<Entry, 'orderedAt' | 'id'>;

/** The order of a contact's timeline: by `orderedAt`, then `id`, as the hub's pages are ordered. */
export function compareEntries(a: Placed, b: Placed): number {
  return a.orderedAt - b.orderedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Both lists as one in timeline order, each entry once. `additions` may come in any order. */
export function mergeEntries(entries: readonly Entry[], additions: readonly Entry[]): readonly Entry[] {
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const fresh = additions.filter((entry) => !known.has(entry.id) && known.set(entry.id, entry));
  if (fresh.length === 0) return entries;
  const last = entries.at(-1);
  const sorted = fresh.toSorted(compareEntries);
  if (!last || compareEntries(last, sorted[0]!) < 0) return [...entries, ...sorted];
  return [...entries, ...sorted].sort(compareEntries);
}
