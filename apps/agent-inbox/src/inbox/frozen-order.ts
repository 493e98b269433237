/** What a list shows while its order is frozen. */
export interface FrozenList<T> {
  shown: readonly T[];
  /** How many rows wait to be let in. */
  waiting: number;
}

/**
 * Keeps rows where they were: those of `frozen` stay in that order, with what is known of them now; rows that have
 * come since wait. `find` answers a row that has left the list meanwhile.
 */
export function freeze<T extends { id: string }>(
  live: readonly T[],
  frozen: readonly string[],
  find: (id: string) => T | undefined,
): FrozenList<T> {
  const byId = new Map(live.map((row) => [row.id, row]));
  const shown = frozen.flatMap((id) => byId.get(id) ?? find(id) ?? []);
  const held = new Set(frozen);
  const last = frozen.at(-1);
  const end = last === undefined ? -1 : live.findIndex((row) => row.id === last);
  // Rows below the frozen stretch are older pages, not news: they join at the end.
  const below = end < 0 ? [] : live.slice(end + 1).filter((row) => !held.has(row.id));
  const waiting = live.filter((row) => !held.has(row.id)).length - below.length;
  return { shown: below.length > 0 ? [...shown, ...below] : shown, waiting };
}
