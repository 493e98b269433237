import { systemClock } from '@yixian/contracts/clock';
import type { ReactNode } from 'react';
import { Observable, useObservable } from './observable.ts';

/** The newest thing worth saying aloud. A zero-width mark makes the same words news again. */
const said = new Observable('');
const shown = new Observable<{ text: string; at: number } | null>(null);

/** Says something politely to who cannot see it. */
export function announce(text: string): void {
  said.set(said.get() === text ? `${text}\u200b` : text);
}

/** Shows a short message at the bottom for six seconds, and says it. */
export function toast(text: string): void {
  const at = systemClock.monotonic();
  shown.set({ text, at });
  systemClock.after(6000, () => {
    if (shown.get()?.at === at) shown.set(null);
  });
}

/** The one live region of the page. */
export function StatusLine(): ReactNode {
  const text = useObservable(said);
  const message = useObservable(shown);
  return (
    <>
      <div className="visually-hidden" role="status">
        {text}
      </div>
      <div className="toast-place" role="alert">
        {message && <div className="toast">{message.text}</div>}
      </div>
    </>
  );
}
