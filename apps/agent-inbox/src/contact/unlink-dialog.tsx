import type { Contact, Identity } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.tsx';
import { ReasonForm } from './reason-form.tsx';
import { useRelink } from './use-relink.ts';

interface UnlinkProps {
  contact: Contact;
  identity: Identity;
  onClose: () => void;
}

/** Takes a link back, with the reason. */
export function UnlinkDialog({ contact, identity, onClose }: UnlinkProps): ReactNode {
  const words = useWords();
  const { api } = useDesk();
  const { run, failure, busy } = useRelink(onClose);
  return (
    <Dialog title={words.contact.unlinkTitle} onClose={onClose}>
      <p className="dialog-text">{words.contact.unlinkHint(identity.displayName || identity.address)}</p>
      <ReasonForm
        label={words.contact.unlinkReason}
        submitLabel={words.contact.unlink}
        failure={failure}
        busy={busy}
        onSubmit={(_, reason) => void run(() => api.unlink(contact.id, identity.id, reason))}
        onCancel={onClose}
      />
    </Dialog>
  );
}
