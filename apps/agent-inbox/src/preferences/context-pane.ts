import { Observable, useObservable } from '../ui/observable.ts';
import { prefer, preferences } from './preferences.ts';

/** Below this width the contact pane lies over the timeline, and is closed until asked for. */
const narrow = globalThis.matchMedia?.('(max-width: 1279px)');
const overlay = new Observable(false);
const isNarrow = new Observable(narrow?.matches ?? false);
narrow?.addEventListener('change', ({ matches }) => isNarrow.set(matches));

/** Whether the contact pane is shown, and how to change that. */
export function useContextPane(): { shown: boolean; over: boolean; show: (shown: boolean) => void } {
  const over = useObservable(isNarrow);
  const open = useObservable(overlay);
  const beside = useObservable(preferences, ({ contextPane }) => contextPane);
  return {
    shown: over ? open : beside,
    over,
    show: (shown) => (over ? overlay.set(shown) : prefer({ contextPane: shown })),
  };
}
