import type { ContactDetail } from '@yixian/contracts';
import { useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { codeOf, type FailureCode } from '../http/request-failed.ts';

/** Links or unlinks, and shows the contact as it stands after. */
export function useRelink(onDone: () => void) {
  const { store } = useDesk();
  const [failure, setFailure] = useState<FailureCode>();
  const [busy, setBusy] = useState(false);
  const run = async (request: () => Promise<ContactDetail>) => {
    setBusy(true);
    setFailure(undefined);
    try {
      store.dispatch({ type: 'detailed', detail: await request() });
      onDone();
    } catch (thrown) {
      setFailure(codeOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { run, failure, busy };
}
