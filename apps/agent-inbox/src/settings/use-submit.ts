import { type FormEvent, useState } from 'react';
import { codeOf, RequestFailed } from '../http/request-failed.ts';
import { useWords } from '../words/words.tsx';

interface Submit {
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  busy: boolean;
  /** The refusal in words. */
  problem: string | undefined;
  /** Which fields the hub found wrong, by path. */
  mistakes: ReadonlyMap<string, string>;
}

/** Sends a form and tells what was refused. */
export function useSubmit(send: (form: FormData) => Promise<void>): Submit {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const submit = async (form: FormData) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await send(form);
    } catch (thrown) {
      setFailure(thrown);
    } finally {
      setBusy(false);
    }
  };
  const details = failure instanceof RequestFailed ? failure.details : [];
  return {
    onSubmit(event) {
      event.preventDefault();
      void submit(new FormData(event.currentTarget));
    },
    busy,
    problem: failure === undefined ? undefined : wordsFor(failure, words.problem[codeOf(failure)]),
    mistakes: new Map(details.map(({ path, message }) => [path.replace(/^settings\./, ''), message])),
  };
}

/** A clash of two things says in the hub's own words which. */
function wordsFor(failure: unknown, words: string): string {
  return failure instanceof RequestFailed && failure.code === 'conflict' ? failure.message : words;
}
