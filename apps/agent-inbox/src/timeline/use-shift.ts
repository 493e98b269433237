import { useState } from 'react';
import { isShifted, type TimelineItem } from './timeline-items.ts';

/**
 * Whether the newest change of the items was at their start. The virtual list must be told so for that change alone,
 * or else it keeps the wrong end in place.
 */
export function useShift(items: readonly TimelineItem[]): boolean {
  const [known, setKnown] = useState({ items, shift: false });
  if (known.items === items) return known.shift;
  const shift = isShifted(known.items, items);
  setKnown({ items, shift });
  return shift;
}
