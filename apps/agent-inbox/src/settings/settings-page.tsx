import type { ReactNode } from 'react';
import { Link, Redirect } from 'wouter';
import '../style/settings.css';
import { useDesk } from '../desk/desk-context.tsx';
import { Empty } from '../ui/empty.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useWords } from '../words/words.tsx';
import { AccountsPage } from './accounts-page.tsx';
import { AgentsPage } from './agents-page.tsx';
import { TokensPage } from './tokens-page.tsx';

const pages = { accounts: AccountsPage, agents: AgentsPage, tokens: TokensPage };
const icons: Record<keyof typeof pages, IconName> = { accounts: 'plug', agents: 'users', tokens: 'key' };

/** What admins set up. */
export function SettingsPage({ page = 'accounts' }: { page: string | undefined }): ReactNode {
  const words = useWords();
  const { agent } = useDesk();
  if (agent.role !== 'admin') return <Empty icon="lock" title={words.settings.forbidden} />;
  if (!(page in pages)) return <Redirect to="/settings/accounts" replace />;
  const Page = pages[page as keyof typeof pages];
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={words.settings.title}>
        <h1>{words.settings.title}</h1>
        {(Object.keys(pages) as (keyof typeof pages)[]).map((one) => (
          <Link key={one} href={`/settings/${one}`} aria-current={one === page ? 'page' : undefined}>
            <Icon name={icons[one]} />
            {words.settings[one]}
          </Link>
        ))}
      </nav>
      <div className="settings-body">
        <ErrorBoundary resetKey={page}>
          <Page />
        </ErrorBoundary>
      </div>
    </div>
  );
}
