import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useDesk, useDeskState } from '../desk/desk-context.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useLanguage } from '../words/words.tsx';

/** The places of the desk. */
export function NavRail(): ReactNode {
  const { words, formats } = useLanguage();
  const { agent } = useDesk();
  const mine = useDeskState((state) => state.counts.mine);
  return (
    <nav className="nav-rail" aria-label={words.nav.main}>
      <Place to="/inbox/mine" under="/inbox" icon="inbox" name={words.nav.inbox}>
        {mine > 0 && <span className="rail-count">{formats.number(mine)}</span>}
      </Place>
      {agent.role === 'admin' && (
        <Place to="/settings/accounts" under="/settings" icon="settings" name={words.nav.settings} />
      )}
    </nav>
  );
}

interface PlaceProps {
  to: string;
  under: string;
  icon: IconName;
  name: string;
  children?: ReactNode;
}

function Place({ to, under, icon, name, children }: PlaceProps): ReactNode {
  const [location] = useLocation();
  return (
    <Link href={to} className="rail-place" aria-current={location.startsWith(under) ? 'page' : undefined}>
      <Icon name={icon} size={21} />
      <span className="rail-name">{name}</span>
      {children}
    </Link>
  );
}
