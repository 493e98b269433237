import type { Payload } from '@yixian/contracts';
import type { FormEvent, ReactNode } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { useWords } from '../../words/words.tsx';
import type { Writing } from '../use-writing.ts';
import { FormButton } from './form-button.tsx';

/** The most choices of a menu that phones show well. */
const MAX_CHOICES = 10;

/** Sends a menu: some words, and choices that the customer taps. */
export function MenuButton({ writing, disabled }: { writing: Writing; disabled: boolean }): ReactNode {
  const words = useWords();
  return (
    <FormButton
      name={words.wechat.compose.menu}
      icon="list"
      disabled={disabled}
      form={(onClose) => <MenuForm writing={writing} onClose={onClose} />}
    />
  );
}

function MenuForm({ writing, onClose }: { writing: Writing; onClose: () => void }): ReactNode {
  const words = useWords();
  const say = words.wechat.compose;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? '').trim();
    const lines = given('items')
      .split('\n')
      .map((line) => line.trim());
    const items = lines
      .filter(Boolean)
      .slice(0, MAX_CHOICES)
      .map((text, index) => ({ id: String(index + 1), text }));
    const [head, tail] = [given('head'), given('tail')];
    const payload: Payload = { wechat: { type: 'menu', head, items, tail } };
    const text = [head, ...items.map((item) => `${item.id}. ${item.text}`), tail].filter(Boolean).join('\n');
    writing.send(() => ({ text, attachments: [], payload, keepsDraft: true }));
    onClose();
  };
  return (
    <Dialog title={say.menu} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="form-row">
          <span>{say.menuHead}</span>
          <textarea className="field" name="head" rows={2} required maxLength={500} />
        </label>
        <label className="form-row">
          <span>{say.menuItems}</span>
          <textarea className="field" name="items" rows={4} required />
        </label>
        <label className="form-row">
          <span>{say.menuTail}</span>
          <input className="field" name="tail" maxLength={200} />
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
