import { type FormEvent, type ReactNode, useState } from 'react';
import { codeOf, type FailureCode } from '../http/request-failed.ts';
import { useWords } from '../words/words.tsx';
import type { Words } from '../words/zh-cn.ts';
import type { Session } from './session.ts';

/** Asks for e-mail and password. A given e-mail cannot be changed. */
export function LogInForm({ session, email }: { session: Session; email?: string }): ReactNode {
  const words = useWords();
  const [refusal, setRefusal] = useState<FailureCode>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setRefusal(undefined);
    try {
      await session.logIn({
        email: email ?? String(form.get('email')),
        password: String(form.get('password')),
      });
    } catch (thrown) {
      setRefusal(codeOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <label className="form-row">
        <span>{words.logIn.email}</span>
        <input
          className="field"
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={email}
          readOnly={email !== undefined}
          autoFocus={email === undefined}
        />
      </label>
      <label className="form-row">
        <span>{words.logIn.password}</span>
        <input
          className="field"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus={email !== undefined}
        />
      </label>
      {refusal && (
        <p className="form-error" role="alert">
          {refusalWords(refusal, words)}
        </p>
      )}
      <button type="submit" className="button primary block" disabled={busy}>
        {busy ? words.logIn.submitting : words.logIn.submit}
      </button>
    </form>
  );
}

function refusalWords(code: FailureCode, words: Words): string {
  if (code === 'unauthenticated' || code === 'invalid') return words.logIn.refused;
  return code === 'rate_limited' ? words.logIn.limited : words.problem[code];
}
