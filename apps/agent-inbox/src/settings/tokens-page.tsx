import type { ApiToken, CreatedToken, Role } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { codeOf } from '../http/request-failed.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/now.ts';
import { Resource, useResource } from '../ui/resource.ts';
import { announce, toast } from '../ui/status-line.tsx';
import { useLanguage, useWords } from '../words/words.tsx';
import { FormFoot } from './form-foot.tsx';
import { SettingsList } from './settings-list.tsx';
import { useSubmit } from './use-submit.ts';

const roles: Role[] = ['agent', 'supervisor', 'admin'];
const DAY = 24 * 60 * 60 * 1000;
/** For how many days a token may be made; 0 is for ever. */
const lifetimes = [30, 90, 365, 0];

/** Tokens for programs. */
export function TokensPage(): ReactNode {
  const words = useWords();
  const { api } = useDesk();
  const [tokens] = useState(() => new Resource(async () => (await api.tokens()).tokens));
  const loaded = useResource(tokens);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<CreatedToken>();
  return (
    <>
      <SettingsList
        title={words.settings.tokens}
        hint={words.settings.tokensHint}
        createLabel={words.settings.newToken}
        onCreate={() => setMaking(true)}
        resource={tokens}
        loaded={loaded}
        nothing={words.settings.noTokens}
      >
        {(token) => <TokenItem key={token.id} token={token} onChanged={() => void tokens.load()} />}
      </SettingsList>
      {making && (
        <TokenForm
          onClose={() => setMaking(false)}
          onMade={(token) => {
            setMaking(false);
            setMade(token);
            void tokens.load();
          }}
        />
      )}
      {made && <TokenShown token={made} onClose={() => setMade(undefined)} />}
    </>
  );
}

function TokenItem({ token, onChanged }: { token: ApiToken; onChanged: () => void }): ReactNode {
  const { words, formats } = useLanguage();
  const { api } = useDesk();
  const { name, role, createdBy, expiresAt, lastUsedAt } = token;
  const used = useNow((now) =>
    lastUsedAt ? words.settings.tokenUsed(formats.ago(lastUsedAt, now)) : words.settings.tokenUnused,
  );
  const facts = [
    words.role[role],
    createdBy && words.settings.tokenBy(createdBy.name),
    used,
    expiresAt ? words.settings.tokenExpiresAt(formats.day(expiresAt)) : words.settings.tokenNever,
  ];
  const revoke = () => {
    if (!confirm(words.settings.removeToken(name))) return;
    api
      .removeToken(token.id)
      .then(onChanged, (thrown: unknown) => toast(words.failed.act(words.problem[codeOf(thrown)])));
  };
  return (
    <li className="settings-item">
      <span className="settings-icon">
        <Icon name="key" size={20} />
      </span>
      <span className="settings-text">
        <strong>{name}</strong>
        <span className="faint">{facts.filter(Boolean).join(' · ')}</span>
      </span>
      <button type="button" className="button quiet small danger" onClick={revoke}>
        {words.settings.revoke}
      </button>
    </li>
  );
}

function TokenForm({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (token: CreatedToken) => void;
}): ReactNode {
  const { words, formats } = useLanguage();
  const { api, clock } = useDesk();
  const { onSubmit, busy, problem } = useSubmit(async (form) => {
    const days = Number(form.get('days'));
    const expiresAt = new Date(clock.now() + days * DAY).toISOString();
    const wanted = { name: String(form.get('name')).trim(), role: form.get('role') as Role };
    onMade(await api.createToken(days > 0 ? { ...wanted, expiresAt } : wanted));
  });
  return (
    <Dialog title={words.settings.newToken} onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <label className="form-row">
          <span>{words.settings.tokenName}</span>
          <input className="field" name="name" required maxLength={100} autoFocus />
        </label>
        <label className="form-row">
          <span>{words.settings.agentRole}</span>
          <select className="field" name="role" defaultValue="agent">
            {roles.map((role) => (
              <option key={role} value={role}>
                {words.role[role]}
              </option>
            ))}
          </select>
        </label>
        <label className="form-row">
          <span>{words.settings.tokenExpires}</span>
          <select className="field" name="days" defaultValue={lifetimes[1]}>
            {lifetimes.map((days) => (
              <option key={days} value={days}>
                {days > 0 ? words.settings.tokenDays(formats.number(days)) : words.settings.tokenNever}
              </option>
            ))}
          </select>
        </label>
        <FormFoot problem={problem} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function TokenShown({ token, onClose }: { token: CreatedToken; onClose: () => void }): ReactNode {
  const words = useWords();
  const copy = () => void navigator.clipboard.writeText(token.token).then(() => announce(words.copied));
  return (
    <Dialog title={token.name} onClose={onClose}>
      <p className="dialog-text">{words.settings.tokenShown}</p>
      <p className="token-shown">
        <code>{token.token}</code>
        <button type="button" className="button small" onClick={copy}>
          <Icon name="copy" size={15} />
          {words.copy}
        </button>
      </p>
    </Dialog>
  );
}
