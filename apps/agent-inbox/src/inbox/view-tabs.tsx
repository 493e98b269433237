import type { InboxView } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useDeskState } from '../desk/desk-context.tsx';
import { inboxViews } from '../desk/inbox-view.ts';
import { useLanguage } from '../words/words.tsx';

/** The views with what each holds. */
export function ViewTabs({ view }: { view: InboxView }): ReactNode {
  const { words, formats } = useLanguage();
  const counts = useDeskState((state) => state.counts);
  return (
    <nav className="view-tabs" aria-label={words.views.label}>
      {inboxViews.map((one) => {
        const count = one === 'closed' ? undefined : counts[one];
        return (
          <Link
            key={one}
            href={`/inbox/${one}`}
            className="view-tab"
            aria-current={one === view ? 'page' : undefined}
          >
            {words.views[one]}
            {count !== undefined && <span className="view-count">{formats.number(count)}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
