import type { Account, AccountId, ChannelName, PatchAccount } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useResource } from '../ui/resource.ts';
import { useLanguage } from '../words/words.tsx';
import { AccountCheck } from './account-check.tsx';
import { FormFoot } from './form-foot.tsx';
import { fieldsOf, settingsFrom, type SettingsSchema } from './schema-field.ts';
import { SchemaForm } from './schema-form.tsx';
import { useSubmit } from './use-submit.ts';

interface AccountFormProps {
  /** The one to change; absent: a new one. */
  account: Account | undefined;
  onDone: () => void;
  onClose: () => void;
}

/** Makes or changes an account, with the settings that its channel asks for. */
export function AccountForm({ account, onDone, onClose }: AccountFormProps): ReactNode {
  const { words, locale } = useLanguage();
  const { api, channels } = useDesk();
  const loaded = useResource(channels);
  const known = loaded.status === 'ready' ? loaded.value : [];
  const [picked, setPicked] = useState<string>();
  const channel = known.find((one) => one.channel === (account?.channel ?? picked ?? known[0]?.channel));
  const fields = channel ? fieldsOf(channel.settings as SettingsSchema, locale) : [];
  const { onSubmit, busy, problem, mistakes } = useSubmit(async (form) => {
    const name = String(form.get('name:account')).trim();
    const settings = settingsFrom(fields, form) as PatchAccount['settings'] & object;
    const id = String(form.get('id:account') ?? '').trim();
    if (account) await api.patchAccount(account.id, channel ? { name, settings } : { name });
    else {
      const of = { channel: channel!.channel as ChannelName, name, settings };
      await api.createAccount(id ? { ...of, id: id as AccountId } : of);
    }
    onDone();
  });
  const ask = async (form: FormData) => {
    const settings = settingsFrom(fields, form) as PatchAccount['settings'] & object;
    const of = { channel: channel!.channel as ChannelName, settings };
    return (await api.checkAccount(account ? { ...of, id: account.id } : of)).findings;
  };
  return (
    <Dialog
      title={account ? words.settings.editAccount(account.name) : words.settings.newAccount}
      onClose={onClose}
      className="wide"
    >
      <form className="form" onSubmit={onSubmit}>
        {!account && (
          <label className="form-row">
            <span>{words.settings.channel}</span>
            <select
              className="field"
              value={channel?.channel}
              onChange={(event) => setPicked(event.target.value)}
            >
              {known.map((one) => (
                <option key={one.channel} value={one.channel}>
                  {one.name[locale]}
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="form-row">
          <span>{words.settings.accountName}</span>
          <input
            className="field"
            name="name:account"
            required
            maxLength={200}
            defaultValue={account?.name}
            autoFocus
          />
        </label>
        {!account && (
          <label className="form-row">
            <span>{words.settings.accountId}</span>
            <input
              className="field"
              name="id:account"
              pattern="[a-z0-9][a-z0-9\-]{0,63}"
              aria-describedby="account-id-help"
            />
            <span id="account-id-help" className="form-help">
              {words.settings.accountIdHint}
            </span>
          </label>
        )}
        {channel ? (
          <SchemaForm
            key={channel.channel}
            fields={fields}
            settings={account?.settings}
            mistakes={mistakes}
          />
        ) : (
          <p className="form-help">
            {loaded.status === 'ready' ? words.settings.channelGone : words.loading}
          </p>
        )}
        {channel?.abilities.includes('check') && <AccountCheck key={`check ${channel.channel}`} ask={ask} />}
        <FormFoot problem={problem} busy={busy || (!account && !channel)} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
