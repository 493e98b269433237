import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** What a pane shows when it has nothing to show. */
export function Empty({ icon, title, hint, children }: EmptyProps): ReactNode {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={26} />
      </span>
      <p className="empty-title">{title}</p>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  hint?: string;
  children?: ReactNode;
}
