import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useWords } from '../words/words.tsx';
import { Icon } from './icon.tsx';

/** What gets the focus: something to fill in rather than the button that closes. */
const FIRST_FIELD = 'input:not([readonly], [hidden]), textarea, select';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Cannot be dismissed: something must be answered first. */
  insistent?: boolean;
  className?: string;
}

/** A modal dialog. Open as long as it is rendered; the browser keeps the focus inside and gives it back. */
export function Dialog({
  title,
  onClose,
  children,
  insistent = false,
  className = '',
}: DialogProps): ReactNode {
  const words = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${className}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!insistent) onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current && !insistent) onClose();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {!insistent && (
            <button type="button" className="icon-button" aria-label={words.close} onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
