import type { Conversation, Payload } from '@yixian/contracts';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useAccountFaces } from '../../ui/account-faces.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useWords } from '../../words/words.tsx';
import type { Writing } from '../use-writing.ts';
import { FormButton } from './form-button.tsx';

interface HandoverProps {
  conversation: Conversation;
  writing: Writing;
}

/** Hands the customer to people in WeCom, where the account is one of its customer service. Nothing elsewhere. */
export function HandoverButton({ conversation, writing }: HandoverProps): ReactNode {
  const words = useWords();
  if (useAccountFaces()(conversation.account)?.shown['provider'] !== 'wecom-kf') return null;
  return (
    <FormButton
      name={words.wechat.compose.handover}
      icon="users"
      form={(onClose) => <HandoverForm writing={writing} onClose={onClose} />}
    />
  );
}

function HandoverForm({ writing, onClose }: { writing: Writing; onClose: () => void }): ReactNode {
  const words = useWords();
  const say = words.wechat.compose;
  const [toPerson, setToPerson] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const userId = String(new FormData(event.currentTarget).get('userId') ?? '').trim();
    const payload: Payload = { wechat: { type: 'handover', ...(userId && { userId }) } };
    // In words too, for a reader of the entry that does not know WeChat.
    const text = userId ? words.wechat.handover(userId) : words.wechat.pooled;
    writing.send(() => ({ text, attachments: [], payload, keepsDraft: true }));
    onClose();
  };
  return (
    <Dialog title={say.handover} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>{say.handoverHint}</p>
        <label className="form-row">
          <span>{say.handoverTo}</span>
          <select
            className="field"
            value={toPerson ? 'person' : 'pool'}
            onChange={(event) => setToPerson(event.target.value === 'person')}
          >
            <option value="pool">{say.toPool}</option>
            <option value="person">{say.toPerson}</option>
          </select>
        </label>
        {toPerson && (
          <label className="form-row">
            <span>{say.userId}</span>
            <input className="field" name="userId" required maxLength={64} autoFocus />
          </label>
        )}
        <div className="button-row end">
          <button type="button" className="button quiet" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button primary">
            {say.handOver}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
