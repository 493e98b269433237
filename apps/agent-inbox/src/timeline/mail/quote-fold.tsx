import type { ReactNode } from 'react';
import { useWords } from '../../words/words.tsx';

/** The button between what a mail says and what it quotes. */
export function QuoteFold({
  unfolded,
  onFold,
}: {
  unfolded: boolean;
  onFold: (unfolded: boolean) => void;
}): ReactNode {
  const words = useWords();
  const label = unfolded ? words.mail.hideQuoted : words.mail.showQuoted;
  return (
    <button
      type="button"
      className="quote-fold"
      aria-expanded={unfolded}
      aria-label={label}
      title={label}
      onClick={() => onFold(!unfolded)}
    >
      …
    </button>
  );
}
