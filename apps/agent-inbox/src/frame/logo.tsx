import type { ReactNode } from 'react';

/** One line, and on it everybody's contacts. */
export function Logo({ size = 26 }: { size?: number }): ReactNode {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect className="logo-ground" width="32" height="32" rx="8" />
      <path className="logo-line" d="M6 16h20" />
      <circle className="logo-past" cx="11" cy="16" r="3.4" />
      <circle className="logo-now" cx="21" cy="16" r="3.4" />
    </svg>
  );
}
