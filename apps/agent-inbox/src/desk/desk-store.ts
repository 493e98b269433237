import { useSyncExternalStore } from 'react';
import { type DeskAction, reduce } from './desk-reducer.ts';
import { type DeskState, emptyDesk } from './desk-state.ts';

/** Holds the desk's state and tells who listens. */
export class DeskStore {
  #state = emptyDesk;
  readonly #listeners = new Set<() => void>();

  readonly get = (): DeskState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  dispatch(action: DeskAction): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}

/** What `select` answers of the state now, and again whenever the answer changes. It must answer stable values. */
export function useDeskStore<T>(store: DeskStore, select: (state: DeskState) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
