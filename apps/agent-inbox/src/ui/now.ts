import { systemClock } from '@yixian/contracts/clock';
import { Observable, useObservable } from './observable.ts';

const now = new Observable(systemClock.now());
let listening = 0;
let cancel = () => {};

function tick(): void {
  now.set(systemClock.now());
  cancel = systemClock.after(1000, tick);
}

/** This browser's time, told once a second while somebody listens. */
const ticking = {
  get: now.get,
  subscribe(listener: () => void): () => void {
    const stop = now.subscribe(listener);
    if (listening++ === 0) tick();
    return () => {
      stop();
      if (--listening === 0) cancel();
    };
  },
};

/** What `select` answers of the present moment; renders again only when that changes. */
export const useNow = <T = number>(select?: (now: number) => T): T => useObservable(ticking, select);
