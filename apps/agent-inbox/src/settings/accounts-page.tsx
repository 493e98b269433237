import type { Account } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { codeOf } from '../http/request-failed.ts';
import { ChannelIcon, useChannel } from '../ui/channel-icon.tsx';
import { Resource, useResource } from '../ui/resource.ts';
import { toast } from '../ui/status-line.tsx';
import { useLanguage, useWords } from '../words/words.tsx';
import { AccountForm } from './account-form.tsx';
import { AccountState } from './account-state.tsx';
import { SettingsList } from './settings-list.tsx';

/** The ways in for customers. */
export function AccountsPage(): ReactNode {
  const words = useWords();
  const { api } = useDesk();
  const [accounts] = useState(() => new Resource(async () => (await api.accounts()).accounts));
  const loaded = useResource(accounts);
  const [editing, setEditing] = useState<Account | 'new'>();
  const done = () => {
    setEditing(undefined);
    void accounts.load();
  };
  return (
    <>
      <SettingsList
        title={words.settings.accounts}
        hint={words.settings.accountsHint}
        createLabel={words.settings.newAccount}
        onCreate={() => setEditing('new')}
        resource={accounts}
        loaded={loaded}
        nothing={words.settings.noAccounts}
      >
        {(account) => (
          <AccountItem
            key={account.id}
            account={account}
            onEdit={() => setEditing(account)}
            onChanged={done}
          />
        )}
      </SettingsList>
      {editing && (
        <AccountForm
          account={editing === 'new' ? undefined : editing}
          onDone={done}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}

interface AccountItemProps {
  account: Account;
  onEdit: () => void;
  onChanged: () => void;
}

function AccountItem({ account, onEdit, onChanged }: AccountItemProps): ReactNode {
  const { words, formats } = useLanguage();
  const { api } = useDesk();
  const channel = useChannel(account.channel);
  const known = useResource(useDesk().channels);
  const tellsState =
    known.status === 'ready' &&
    known.value.some((one) => one.channel === account.channel && one.abilities.includes('state'));
  const attempt = (request: Promise<unknown>) =>
    request.then(onChanged, (thrown: unknown) => toast(words.failed.act(words.problem[codeOf(thrown)])));
  return (
    <li className="settings-item" data-off={account.enabled ? undefined : ''}>
      <span className="settings-icon">
        <ChannelIcon channel={account.channel} size={20} />
      </span>
      <span className="settings-text">
        <strong>{account.name}</strong>
        <span className="faint">
          {channel.name} · <code>{account.id}</code> ·{' '}
          {words.settings.created(formats.day(account.createdAt))}
        </span>
        {account.enabled && tellsState && <AccountState key={account.version} id={account.id} />}
      </span>
      {!account.enabled && <span className="off-mark">{words.settings.disabled}</span>}
      <span className="button-row">
        <button type="button" className="button small" onClick={onEdit}>
          {words.edit}
        </button>
        <button
          type="button"
          className="button quiet small"
          onClick={() => void attempt(api.patchAccount(account.id, { enabled: !account.enabled }))}
        >
          {account.enabled ? words.settings.disable : words.settings.enable}
        </button>
        <button
          type="button"
          className="button quiet small danger"
          onClick={() => {
            if (confirm(words.settings.removeAccount(account.name)))
              void attempt(api.removeAccount(account.id));
          }}
        >
          {words.remove}
        </button>
      </span>
    </li>
  );
}
