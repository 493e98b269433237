import type { ReactNode } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { useNow } from '../ui/now.ts';
import { useLanguage } from '../words/words.tsx';

/** From when a waiting customer is shown as getting late, and as late, in milliseconds. */
const SOON = 5 * 60_000;
const LATE = 15 * 60_000;

/** How long the customer has been waiting for an answer. */
export function WaitingClock({ since }: { since: string }): ReactNode {
  const { words, formats } = useLanguage();
  const { sync } = useDesk();
  const start = Date.parse(since);
  const span = useNow((now) => formats.span(now + sync.skew - start));
  const level = useNow((now) => levelOf(now + sync.skew - start));
  return (
    <span className="waiting" data-level={level} title={words.list.waiting(span)}>
      <span className="visually-hidden">{words.list.waiting(span)}</span>
      <span aria-hidden="true">{span}</span>
    </span>
  );
}

function levelOf(waited: number): 'fine' | 'soon' | 'late' {
  if (waited < SOON) return 'fine';
  return waited < LATE ? 'soon' : 'late';
}
