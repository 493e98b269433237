import { type ReactNode, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { Keys } from '../keyboard/keys.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { useObservable } from '../ui/observable.ts';
import { Popover } from '../ui/popover.tsx';
import { useWords } from '../words/words.tsx';
import { AppearanceMenu } from './appearance-menu.tsx';
import { Logo } from './logo.tsx';

/** Logo, search, how the connection is, and the agent's own menus. */
export function TopBar({
  onSearch,
  onShortcuts,
}: {
  onSearch: () => void;
  onShortcuts: () => void;
}): ReactNode {
  const words = useWords();
  return (
    <header className="top-bar">
      <span className="brand">
        <Logo />
        <span>{words.product}</span>
      </span>
      <button type="button" className="search-button" onClick={onSearch} aria-keyshortcuts="Control+K /">
        <Icon name="search" size={16} />
        <span>{words.nav.search}</span>
        <Keys shortcut="mod+k" then="" />
      </button>
      <div className="top-bar-end">
        <ConnectionMark />
        <AppearanceMenu />
        <AgentMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}

function ConnectionMark(): ReactNode {
  const words = useWords();
  const { status } = useObservable(useDesk().sync.connection);
  const shown = status === 'waiting' ? 'offline' : status;
  return (
    <span className="connection-mark" data-status={shown}>
      <span className="connection-dot" aria-hidden="true" />
      {words.connection[shown]}
    </span>
  );
}

function AgentMenu({ onShortcuts }: { onShortcuts: () => void }): ReactNode {
  const words = useWords();
  const { agent, session } = useDesk();
  return (
    <Popover
      label={words.nav.account(agent.name)}
      className="avatar-button"
      button={<Avatar of={agent.id} name={agent.name} size={28} />}
    >
      {(close) => (
        <div className="menu">
          <div className="menu-head">
            <strong>{agent.name}</strong>
            <span>{agent.email}</span>
            <span>{words.role[agent.role]}</span>
          </div>
          <NotificationChoice />
          <button
            type="button"
            className="menu-item"
            onClick={() => {
              close();
              onShortcuts();
            }}
          >
            <Icon name="keyboard" />
            {words.nav.shortcuts}
          </button>
          <button type="button" className="menu-item" onClick={() => void session.logOut()}>
            <Icon name="logOut" />
            {words.nav.logOut}
          </button>
        </div>
      )}
    </Popover>
  );
}

function NotificationChoice(): ReactNode {
  const words = useWords();
  const [permission, setPermission] = useState(() => globalThis.Notification?.permission);
  if (!permission) return null;
  const name = {
    default: words.nav.notificationsAllow,
    granted: words.nav.notificationsOn,
    denied: words.nav.notificationsDenied,
  }[permission];
  return (
    <button
      type="button"
      className="menu-item"
      disabled={permission !== 'default'}
      onClick={() => void Notification.requestPermission().then(setPermission)}
    >
      <Icon name="bell" />
      {name}
    </button>
  );
}
