import type { Contact } from '@yixian/contracts';
import { systemClock } from '@yixian/contracts/clock';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { nameOfContact } from '../desk/contact-name.ts';
import { useDesk } from '../desk/desk-context.tsx';
import { inboxViews } from '../desk/inbox-view.ts';
import { prefer, preferences } from '../preferences/preferences.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Combobox, type Option } from '../ui/combobox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useWords } from '../words/words.tsx';

interface Choice extends Option {
  run: () => void;
}

/** How long to wait for the next letter before the hub is asked, in milliseconds. */
const PAUSE = 180;

/** Finds contacts, places and actions by typing. */
export function Palette({
  onClose,
  onShortcuts,
}: {
  onClose: () => void;
  onShortcuts: () => void;
}): ReactNode {
  const words = useWords();
  const [text, setText] = useState('');
  const [, go] = useLocation();
  const { contacts, searching } = useContactSearch(text);
  const found = contacts.map((contact): Choice => ({
    id: contact.id,
    label: nameOfContact(contact, words),
    group: words.palette.contacts,
    hint: contact.identities[0]?.address,
    icon: <Avatar of={contact.id} name={nameOfContact(contact, words)} size={20} />,
    run: () => go(`/inbox/all/${contact.id}`),
  }));
  const rest = usePlacesAndActions(onShortcuts).filter(({ label }) =>
    label.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return (
    <Dialog title={words.palette.label} onClose={onClose} className="palette">
      <Combobox
        label={words.palette.label}
        placeholder={words.palette.placeholder}
        text={text}
        onText={setText}
        options={[...found, ...rest]}
        nothing={searching ? words.palette.searching : words.palette.none}
        onPick={(choice) => {
          onClose();
          choice.run();
        }}
      />
    </Dialog>
  );
}

function useContactSearch(text: string): { contacts: readonly Contact[]; searching: boolean } {
  const { api } = useDesk();
  const [found, setFound] = useState<{ query: string; contacts: readonly Contact[] }>({
    query: '',
    contacts: [],
  });
  const query = text.trim();
  useEffect(() => {
    if (!query) return;
    const abort = new AbortController();
    const cancel = systemClock.after(PAUSE, () => {
      api.contacts(query, abort.signal).then(
        ({ contacts }) => setFound({ query, contacts }),
        () => abort.signal.aborted || setFound({ query, contacts: [] }),
      );
    });
    return () => {
      cancel();
      abort.abort();
    };
  }, [api, query]);
  return { contacts: query ? found.contacts : [], searching: query !== found.query };
}

function usePlacesAndActions(onShortcuts: () => void): Choice[] {
  const words = useWords();
  const [, go] = useLocation();
  const { agent, session } = useDesk();
  const place = (to: string, label: string, icon: IconName): Choice => ({
    id: to,
    label,
    group: words.palette.go,
    icon: <Icon name={icon} />,
    run: () => go(to),
  });
  const action = (id: string, label: string, icon: IconName, run: () => void): Choice => ({
    id,
    label,
    group: words.palette.actions,
    icon: <Icon name={icon} />,
    run,
  });
  const { settings, nav } = words;
  return [
    ...inboxViews.map((view) => place(`/inbox/${view}`, `${nav.inbox} · ${words.views[view]}`, 'inbox')),
    ...(agent.role === 'admin'
      ? [
          place('/settings/accounts', `${settings.title} · ${settings.accounts}`, 'plug'),
          place('/settings/agents', `${settings.title} · ${settings.agents}`, 'users'),
          place('/settings/tokens', `${settings.title} · ${settings.tokens}`, 'key'),
        ]
      : []),
    action('context', words.shortcuts.context, 'panel', () =>
      prefer({ contextPane: !preferences.get().contextPane }),
    ),
    action('light', `${nav.theme} · ${nav.themeLight}`, 'sun', () => prefer({ theme: 'light' })),
    action('dark', `${nav.theme} · ${nav.themeDark}`, 'sun', () => prefer({ theme: 'dark' })),
    action('zh', `${nav.language} · 简体中文`, 'globe', () => prefer({ locale: 'zh-CN' })),
    action('en', `${nav.language} · English`, 'globe', () => prefer({ locale: 'en' })),
    action('shortcuts', nav.shortcuts, 'keyboard', onShortcuts),
    action('out', nav.logOut, 'logOut', () => void session.logOut()),
  ];
}
