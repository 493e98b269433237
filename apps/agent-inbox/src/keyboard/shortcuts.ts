import { systemClock } from '@yixian/contracts/clock';
import { useEffect, useEffectEvent } from 'react';

/**
 * A key as it is written here: `j`, `shift+e`, `mod+k` (Ctrl or ⌘), `g m` (G, then M within a second).
 * Never Alt+letter: keyboards of other countries write letters with it.
 */
export type Shortcut = string;

type Handler = (event: KeyboardEvent) => void;

const handlers = new Map<Shortcut, Handler[]>();
const SEQUENCE = 1000;
let prefix: { key: string; at: number } | undefined;

/** Calls `run` when the key is pressed while this component is shown; the newest component wins. */
export function useShortcut(shortcut: Shortcut, run: Handler, enabled = true): void {
  const handler = useEffectEvent(run);
  useEffect(() => {
    if (!enabled) return;
    const own: Handler = (event) => handler(event);
    handlers.set(shortcut, [...(handlers.get(shortcut) ?? []), own]);
    return () => {
      handlers.set(
        shortcut,
        (handlers.get(shortcut) ?? []).filter((one) => one !== own),
      );
    };
  }, [shortcut, enabled]);
}

/** Listens to the whole page, once. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    const shortcut = shortcutOf(
      event,
      prefix && systemClock.monotonic() - prefix.at < SEQUENCE ? prefix.key : undefined,
    );
    prefix = undefined;
    if (!shortcut) return;
    const handler = handlers.get(shortcut)?.at(-1);
    if (handler) {
      event.preventDefault();
      handler(event);
    } else if ([...handlers.keys()].some((key) => key.startsWith(`${shortcut} `))) {
      prefix = { key: shortcut, at: systemClock.monotonic() };
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & {
  isComposing: boolean;
  keyCode: number;
  target: EventTarget | null;
  defaultPrevented: boolean;
};

/** Which shortcut a key press is, if it may be one: not while something is typed, composed or asked in a dialog. */
export function shortcutOf(event: Pressed, after?: string): Shortcut | undefined {
  if (event.defaultPrevented || event.altKey || isComposing(event)) return undefined;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return `mod+${event.shiftKey ? 'shift+' : ''}${key}`;
  if (isEditable(event.target) || isInDialog(event.target)) return undefined;
  if (after) return `${after} ${key}`;
  const isLetter = /^[a-z]$/.test(key);
  return event.shiftKey && isLetter ? `shift+${key}` : key;
}

/** Whether an input method is composing. Safari ends the composition before the key that ended it (bug 165004). */
export const isComposing = (event: { isComposing: boolean; keyCode: number }): boolean =>
  event.isComposing || event.keyCode === 229;

interface ElementLike {
  tagName?: string;
  type?: string;
  isContentEditable?: boolean;
  closest?: (selector: string) => unknown;
}

function isEditable(target: EventTarget | null): boolean {
  const element = target as ElementLike | null;
  if (element?.isContentEditable || element?.tagName === 'TEXTAREA' || element?.tagName === 'SELECT')
    return true;
  return (
    element?.tagName === 'INPUT' && !['button', 'checkbox', 'radio', 'submit'].includes(element.type ?? '')
  );
}

const isInDialog = (target: EventTarget | null): boolean =>
  Boolean((target as ElementLike | null)?.closest?.('dialog'));
