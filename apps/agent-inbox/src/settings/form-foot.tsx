import type { ReactNode } from 'react';
import { useWords } from '../words/words.tsx';

interface FormFootProps {
  problem: string | undefined;
  busy: boolean;
  onCancel: () => void;
}

/** What was refused, and the buttons of a form. */
export function FormFoot({ problem, busy, onCancel }: FormFootProps): ReactNode {
  const words = useWords();
  return (
    <>
      {problem && (
        <p className="form-error" role="alert">
          {problem}
        </p>
      )}
      <div className="button-row end">
        <button type="button" className="button quiet" onClick={onCancel}>
          {words.cancel}
        </button>
        <button type="submit" className="button primary" disabled={busy}>
          {words.save}
        </button>
      </div>
    </>
  );
}
