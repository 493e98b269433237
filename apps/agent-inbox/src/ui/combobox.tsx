import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { isComposing } from '../keyboard/shortcuts.ts';

export interface Option {
  id: string;
  label: string;
  /** Options under one heading stand together. */
  group?: string;
  icon?: ReactNode;
  hint?: ReactNode;
}

interface ComboboxProps<T extends Option> {
  label: string;
  placeholder?: string;
  text: string;
  onText: (text: string) => void;
  options: readonly T[];
  onPick: (option: T) => void;
  /** What stands in the list's place when there is none. */
  nothing: string;
}

/** A search field over a list that is always shown: arrows choose, Enter picks (WAI-ARIA combobox pattern). */
export function Combobox<T extends Option>(props: ComboboxProps<T>): ReactNode {
  const { options, onPick } = props;
  const [wanted, setWanted] = useState(0);
  const active = Math.min(wanted, options.length - 1);
  const listId = useId();
  const idOf = (index: number) => `${listId}-${index}`;
  const go = (index: number) => {
    const next = (index + options.length) % options.length;
    setWanted(next);
    document.getElementById(idOf(next))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent) || options.length === 0) return;
    const move = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: options.length - 1 }[event.key];
    if (event.key === 'Enter') onPick(options[active]!);
    else if (move === undefined || (props.text && (event.key === 'Home' || event.key === 'End'))) return;
    else go(move);
    event.preventDefault();
  };
  return (
    <div className="combobox">
      <input
        className="field"
        type="text"
        role="combobox"
        aria-label={props.label}
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={options.length > 0 ? idOf(active) : undefined}
        placeholder={props.placeholder}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        value={props.text}
        onChange={(event) => {
          setWanted(0);
          props.onText(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <ul className="combobox-list" role="listbox" id={listId} aria-label={props.label}>
        {options.map((option, index) => (
          <li
            key={option.id}
            id={idOf(index)}
            role="option"
            aria-selected={index === active}
            className="combobox-option"
            data-group={option.group !== options[index - 1]?.group ? option.group : undefined}
            onPointerMove={() => setWanted(index)}
            onClick={() => onPick(option)}
          >
            <span className="combobox-face">
              {option.icon}
              <span className="combobox-label">{option.label}</span>
              {option.hint && <span className="combobox-hint">{option.hint}</span>}
            </span>
          </li>
        ))}
      </ul>
      {options.length === 0 && <p className="combobox-none">{props.nothing}</p>}
    </div>
  );
}
