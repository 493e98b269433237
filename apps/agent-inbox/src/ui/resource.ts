import { useEffect } from 'react';
import { codeOf, type FailureCode } from '../http/request-failed.ts';
import { Observable, useObservable } from './observable.ts';

export type Loaded<T> =
  { status: 'idle' | 'loading' } | { status: 'ready'; value: T } | { status: 'failed'; code: FailureCode };

/** Something fetched as a whole. What was loaded stays while it is loaded again. */
export class Resource<T> {
  readonly state = new Observable<Loaded<T>>({ status: 'idle' });
  readonly #fetch: () => Promise<T>;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  async load(): Promise<void> {
    if (this.state.get().status !== 'ready') this.state.set({ status: 'loading' });
    try {
      this.state.set({ status: 'ready', value: await this.#fetch() });
    } catch (thrown) {
      this.state.set({ status: 'failed', code: codeOf(thrown) });
    }
  }
}

/** The resource's state; loads it at first use. */
export function useResource<T>(resource: Resource<T>): Loaded<T> {
  useEffect(() => {
    if (resource.state.get().status === 'idle') void resource.load();
  }, [resource]);
  return useObservable(resource.state);
}
