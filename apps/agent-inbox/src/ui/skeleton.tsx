import type { ReactNode } from 'react';

/** Grey rows in the shape of what is coming. Shown only after 150 ms (by CSS), so that fast answers do not flicker. */
export function Skeleton({ rows, shape }: { rows: number; shape: 'row' | 'bubble' | 'line' }): ReactNode {
  return (
    <div className="skeleton" data-shape={shape} aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton-row" />
      ))}
    </div>
  );
}
