import type { MailAddress } from '@yixian/contracts';
import { type ReactNode, useId, useState } from 'react';
import { isComposing } from '../../keyboard/shortcuts.ts';
import { called, inFull } from '../../timeline/mail/mail-people.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useWords } from '../../words/words.tsx';
import { addressesIn, eachOnce } from './addresses.ts';

interface RecipientsProps {
  label: string;
  people: readonly MailAddress[];
  onChange: (people: MailAddress[]) => void;
  autoFocus?: boolean;
  children?: ReactNode;
}

/** A line of a mail's head that names people: each a chip, and room to type or paste more. */
export function RecipientsField({
  label,
  people,
  onChange,
  autoFocus,
  children,
}: RecipientsProps): ReactNode {
  const words = useWords();
  const [text, setText] = useState('');
  const id = useId();
  const take = (typed: string) => {
    const { people: found, rest } = addressesIn(typed);
    if (found.length > 0) onChange(eachOnce([...people, ...found]));
    setText(rest);
  };
  const remove = (gone: MailAddress) => onChange(people.filter((one) => one !== gone));
  return (
    <div className="mail-line">
      <label htmlFor={id}>{label}</label>
      <span className="mail-chips">
        {people.map((one) => (
          <span key={one.address} className="mail-chip" title={inFull(one)}>
            {called(one)}
            <button
              type="button"
              aria-label={words.mail.removePerson(called(one))}
              onClick={() => remove(one)}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        <input
          id={id}
          value={text}
          type="text"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          autoFocus={autoFocus}
          aria-invalid={text !== '' && !text.includes('@') ? true : undefined}
          onChange={({ target }) =>
            /[,;，；\n]/.test(target.value) ? take(target.value) : setText(target.value)
          }
          onBlur={() => take(text)}
          onKeyDown={(event) => {
            if (isComposing(event.nativeEvent)) return;
            if (event.key === 'Enter' || (event.key === ' ' && text.includes('@'))) {
              event.preventDefault();
              take(text);
            } else if (event.key === 'Backspace' && text === '' && people.length > 0) {
              remove(people.at(-1)!);
            }
          }}
        />
      </span>
      {children}
    </div>
  );
}
