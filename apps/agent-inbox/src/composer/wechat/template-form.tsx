import type { Payload } from '@yixian/contracts';
import type { FormEvent, ReactNode } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { useWords } from '../../words/words.tsx';
import type { AlternativeProps } from '../alternative.ts';
import { namedValues } from './named-values.ts';

/** A template notice: what may be sent when the window for ordinary messages is closed. */
export function TemplateForm({ writing, onClose }: AlternativeProps): ReactNode {
  const words = useWords();
  const say = words.wechat.compose;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? '').trim();
    const data = namedValues(given('data'));
    const payload: Payload = {
      wechat: { type: 'template', templateId: given('templateId'), data, url: given('url') },
    };
    const text = Object.entries(data)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
    writing.send(() => ({ text: text || given('templateId'), attachments: [], payload, keepsDraft: true }));
    onClose();
  };
  return (
    <Dialog title={say.template} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="form-row">
          <span>{say.templateId}</span>
          <input className="field" name="templateId" required maxLength={200} />
        </label>
        <label className="form-row">
          <span>{say.templateData}</span>
          <textarea
            className="field"
            name="data"
            rows={4}
            required
            placeholder={'first=您的订单已发出\norderno=20261118'}
          />
        </label>
        <label className="form-row">
          <span>{say.templateUrl}</span>
          <input className="field" name="url" type="url" />
        </label>
        <div className="button-row end">
          <button type="button" className="button quiet" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button primary">
            {say.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
