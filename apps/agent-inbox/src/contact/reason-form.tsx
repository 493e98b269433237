import type { FormEvent, ReactNode } from 'react';
import type { FailureCode } from '../http/request-failed.ts';
import { useWords } from '../words/words.tsx';

interface ReasonFormProps {
  label: string;
  hint?: string;
  submitLabel: string;
  failure: FailureCode | undefined;
  busy: boolean;
  onSubmit: (event: FormEvent, reason: string) => void;
  onCancel: () => void;
}

/** Asks why, since every link and unlink is kept with its reason. */
export function ReasonForm(props: ReasonFormProps): ReactNode {
  const words = useWords();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    props.onSubmit(event, String(new FormData(event.currentTarget).get('reason')).trim());
  };
  return (
    <form className="form" onSubmit={submit}>
      <label className="form-row">
        <span>{props.label}</span>
        <textarea
          className="field"
          name="reason"
          required
          maxLength={500}
          rows={2}
          placeholder={props.hint}
          autoFocus
        />
      </label>
      {props.failure && (
        <p className="form-error" role="alert">
          {words.problem[props.failure]}
        </p>
      )}
      <div className="button-row end">
        <button type="button" className="button quiet" onClick={props.onCancel}>
          {words.cancel}
        </button>
        <button type="submit" className="button primary" disabled={props.busy}>
          {props.submitLabel}
        </button>
      </div>
    </form>
  );
}
