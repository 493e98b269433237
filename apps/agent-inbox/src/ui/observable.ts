import { useSyncExternalStore } from 'react';

/** A value that tells when it changes. Values are never changed in place. */
export class Observable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}

/** What `select` answers of the value, again whenever that changes. `select` must answer stable values. */
export function useObservable<T, S = T>(
  observable: Pick<Observable<T>, 'get' | 'subscribe'>,
  select: (value: T) => S = (value) => value as unknown as S,
): S {
  return useSyncExternalStore(observable.subscribe, () => select(observable.get()));
}
