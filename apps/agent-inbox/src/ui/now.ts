import { systemClock } from '@yixian/contracts/clock';
import { Observable, useObservable } from './observable.ts';

/** This browser's time, told once a second while somebody listens. */
class Ticking extends Observable<number> {
  #listening = 0;
  #cancel = () => {};

  constructor() {
    super(systemClock.now());
    const subscribe = this.subscribe;
    (this as { subscribe: typeof subscribe }).subscribe = (listener) => {
      const stop = subscribe(listener);
      if (this.#listening++ === 0) this.#tick();
      return () => {
        stop();
        if (--this.#listening === 0) this.#cancel();
      };
    };
  }

  #tick(): void {
    this.set(systemClock.now());
    this.#cancel = systemClock.after(1000, () => this.#tick());
  }
}

const ticking = new Ticking();

/** What `select` answers of the present moment; renders again only when that changes. */
export const useNow = <T = number>(select?: (now: number) => T): T => useObservable(ticking, select);
