import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useDesk } from '../desk/desk-context.tsx';
import { InboxPage } from '../inbox/inbox-page.tsx';
import { Palette } from '../keyboard/palette.tsx';
import { ShortcutSheet } from '../keyboard/shortcut-sheet.tsx';
import { useShortcut } from '../keyboard/shortcuts.ts';
import { useArrivals } from '../notify/use-arrivals.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { StatusLine } from '../ui/status-line.tsx';
import { useWords } from '../words/words.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { NavRail } from './nav-rail.tsx';
import { TopBar } from './top-bar.tsx';

const SettingsPage = lazy(async () => ({
  default: (await import('../settings/settings-page.tsx')).SettingsPage,
}));

/** The frame around every page of the desk. */
export function Workplace(): ReactNode {
  const words = useWords();
  const [overlay, setOverlay] = useState<'palette' | 'shortcuts'>();
  useGoing();
  useArrivals();
  useShortcut('mod+k', () => setOverlay('palette'));
  useShortcut('/', () => setOverlay('palette'));
  useShortcut('?', () => setOverlay('shortcuts'));
  const dismiss = () => setOverlay(undefined);
  return (
    <div className="frame">
      <a className="skip-link" href="#content">
        {words.skipToContent}
      </a>
      <TopBar onSearch={() => setOverlay('palette')} onShortcuts={() => setOverlay('shortcuts')} />
      <ConnectionBar />
      <NavRail />
      <main className="content" id="content" tabIndex={-1}>
        <ErrorBoundary>
          <Suspense fallback={<Skeleton rows={6} shape="line" />}>
            <Routes />
          </Suspense>
        </ErrorBoundary>
      </main>
      {overlay === 'palette' && <Palette onClose={dismiss} onShortcuts={() => setOverlay('shortcuts')} />}
      {overlay === 'shortcuts' && <ShortcutSheet onClose={dismiss} />}
      <StatusLine />
    </div>
  );
}

function Routes(): ReactNode {
  return (
    <Switch>
      <Route path="/inbox/:view/:contactId?">
        {({ view, contactId }) => <InboxPage view={view} contactId={contactId} />}
      </Route>
      <Route path="/settings/:page?">{({ page }) => <SettingsPage page={page} />}</Route>
      <Route>
        <Redirect to="/inbox/mine" replace />
      </Route>
    </Switch>
  );
}

/** G, then a letter. */
function useGoing(): void {
  const [, go] = useLocation();
  const { agent } = useDesk();
  useShortcut('g m', () => go('/inbox/mine'));
  useShortcut('g i', () => go('/inbox/mine'));
  useShortcut('g u', () => go('/inbox/unassigned'));
  useShortcut('g a', () => go('/inbox/all'));
  useShortcut('g c', () => go('/inbox/closed'));
  useShortcut('g s', () => go('/settings/accounts'), agent.role === 'admin');
}
