import type { AccountFinding } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { codeOf } from '../http/request-failed.ts';
import { useWords } from '../words/words.tsx';
import { Findings } from './findings.tsx';

/** Lets the channel try what is filled in, and shows what it says. */
export function AccountCheck({ ask }: { ask: (form: FormData) => Promise<AccountFinding[]> }): ReactNode {
  const words = useWords();
  const [asking, setAsking] = useState(false);
  const [findings, setFindings] = useState<AccountFinding[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const check = async (form: HTMLFormElement) => {
    setAsking(true);
    setFailure(undefined);
    setFindings([]);
    try {
      setFindings(await ask(new FormData(form)));
    } catch (thrown) {
      setFailure(thrown);
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className="account-check">
      <button
        type="button"
        className="button"
        disabled={asking}
        onClick={(event) => event.currentTarget.form && void check(event.currentTarget.form)}
      >
        {asking ? words.settings.checking : words.settings.check}
      </button>
      <Findings findings={findings} />
      {failure !== undefined && (
        <p className="form-error" role="alert">
          {words.problem[codeOf(failure)]}
        </p>
      )}
    </div>
  );
}
