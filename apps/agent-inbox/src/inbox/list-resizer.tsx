import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect } from 'react';
import { prefer, preferences } from '../preferences/preferences.ts';
import { useObservable } from '../ui/observable.ts';
import { useWords } from '../words/words.tsx';

const NARROWEST = 260;
const WIDEST = 420;

/** The edge between list and timeline, to be dragged or moved by arrow keys. */
export function ListResizer(): ReactNode {
  const words = useWords();
  const width = useObservable(preferences, ({ listWidth }) => listWidth);
  useEffect(() => {
    document.documentElement.style.setProperty('--list-width', `${width}px`);
  }, [width]);
  const resize = (wanted: number) => prefer({ listWidth: Math.min(WIDEST, Math.max(NARROWEST, wanted)) });
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const left = event.currentTarget.parentElement!.getBoundingClientRect().left;
    resize(Math.round(event.clientX - left));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') resize(width - 20);
    else if (event.key === 'ArrowRight') resize(width + 20);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="list-resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={words.list.resize}
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => resize(320)}
      onKeyDown={onKeyDown}
    />
  );
}
