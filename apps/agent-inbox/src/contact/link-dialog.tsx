import type { Contact, Identity } from '@yixian/contracts';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { systemClock } from '@yixian/contracts/clock';
import { nameOfContact } from '../desk/contact-name.ts';
import { useDesk } from '../desk/desk-context.tsx';
import { useAccountName } from '../ui/account-faces.ts';
import { ChannelIcon } from '../ui/channel-icon.tsx';
import { Combobox, type Option } from '../ui/combobox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.tsx';
import { ReasonForm } from './reason-form.tsx';
import { useRelink } from './use-relink.ts';

interface IdentityOption extends Option {
  identity: Identity;
}

/** Finds an identity of another contact and links it to this one, with the reason. */
export function LinkDialog({ contact, onClose }: { contact: Contact; onClose: () => void }): ReactNode {
  const words = useWords();
  const { api } = useDesk();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<IdentityOption>();
  const options = useIdentities(text, contact);
  const { run, failure, busy } = useRelink(onClose);
  const submit = (_: FormEvent, reason: string) =>
    chosen && void run(() => api.link(contact.id, chosen.identity.id, reason));
  return (
    <Dialog title={words.contact.linkTitle} onClose={onClose}>
      <p className="dialog-text">{words.contact.linkHint}</p>
      {chosen ? (
        <>
          <p className="chosen-identity">
            {chosen.icon}
            <span>{chosen.label}</span>
            <button type="button" className="link-button" onClick={() => setChosen(undefined)}>
              {words.edit}
            </button>
          </p>
          <ReasonForm
            label={words.contact.linkReason}
            hint={words.contact.linkReasonHint}
            submitLabel={words.contact.linkSubmit}
            failure={failure}
            busy={busy}
            onSubmit={submit}
            onCancel={onClose}
          />
        </>
      ) : (
        <Combobox
          label={words.contact.linkSearch}
          placeholder={words.contact.linkSearch}
          text={text}
          onText={setText}
          options={options}
          nothing={text ? words.contact.linkNone : ''}
          onPick={setChosen}
        />
      )}
    </Dialog>
  );
}

/** Identities of other contacts that match. */
function useIdentities(text: string, contact: Contact): IdentityOption[] {
  const words = useWords();
  const accountName = useAccountName();
  const { api } = useDesk();
  const [contacts, setContacts] = useState<readonly Contact[]>([]);
  const query = text.trim();
  useEffect(() => {
    const abort = new AbortController();
    const cancel = systemClock.after(180, () => {
      if (!query) return setContacts([]);
      api.contacts(query, abort.signal).then(
        (page) => setContacts(page.contacts),
        () => abort.signal.aborted || setContacts([]),
      );
    });
    return () => {
      cancel();
      abort.abort();
    };
  }, [api, query]);
  return contacts
    .filter((other) => other.id !== contact.id)
    .flatMap((other) =>
      other.identities.map((identity) => ({
        id: identity.id,
        identity,
        label: `${nameOfContact(other, words)} · ${identity.displayName || identity.address}`,
        icon: <ChannelIcon channel={identity.channel} size={16} />,
        hint: accountName(identity.account),
      })),
    );
}
