import type { ReactNode } from 'react';

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '');

const names: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: 'Shift',
  enter: 'Enter',
  escape: 'Esc',
  end: 'End',
};

/** A shortcut as keycaps. */
export function Keys({ shortcut, then }: { shortcut: string; then: string }): ReactNode {
  return shortcut.split(' ').map((part, index) => (
    <span key={part} className="keys">
      {index > 0 && <span className="keys-then">{then}</span>}
      {part.split('+').map((key) => (
        <kbd key={key}>{names[key] ?? key.toUpperCase()}</kbd>
      ))}
    </span>
  ));
}
