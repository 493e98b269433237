import type { AccountFinding, AccountId } from '@yixian/contracts';
import { type ReactNode, useEffect, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { codeOf, type FailureCode } from '../http/request-failed.ts';
import { useLanguage } from '../words/words.tsx';
import { Findings } from './findings.tsx';

/** How often it is asked again, in ms: a code to scan changes by itself, and must go away once it was scanned. */
const AGAIN = { usually: 15_000, scanning: 2_000 };

/** How an account stands now, by its channel's word, for as long as somebody looks. */
export function AccountState({ id }: { id: AccountId }): ReactNode {
  const { words } = useLanguage();
  const { api } = useDesk();
  const [findings, setFindings] = useState<AccountFinding[]>();
  const [failure, setFailure] = useState<FailureCode>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const look = async () => {
      let next: AccountFinding[] | undefined;
      try {
        if (!document.hidden) next = (await api.accountState(id)).findings;
        if (gone) return;
        if (next) setFindings(next);
        setFailure(undefined);
      } catch (thrown) {
        if (gone) return;
        setFailure(codeOf(thrown));
      }
      timer = setTimeout(() => void look(), isMoving(next) ? AGAIN.scanning : AGAIN.usually);
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [api, id]);
  if (failure) return <p className="faint">{words.settings.stateUnknown(words.problem[failure])}</p>;
  return findings ? <Findings findings={findings} /> : <p className="faint">{words.settings.stateAsked}</p>;
}

/** Somebody is logging in, or about to. */
const isMoving = (findings: AccountFinding[] | undefined): boolean =>
  findings?.some(({ part, scan, state }) => scan !== undefined || (part === 'login' && state !== 'ok')) ??
  false;
