import { type ReactNode, useEffect, useState } from 'react';
import { DeskProvider } from '../desk/desk-context.tsx';
import { createDesk, type Desk, type Entrance, startDesk } from '../desk/desk.ts';
import { LogInPage } from '../session/log-in-page.tsx';
import { ReLogIn } from '../session/re-log-in.tsx';
import { Empty } from '../ui/empty.tsx';
import { useObservable } from '../ui/observable.ts';
import { useWords } from '../words/words.tsx';
import { Workplace } from './workplace.tsx';

/** The whole page: the door while nobody is logged in, else the workplace. */
export function App({ entrance }: { entrance: Entrance }): ReactNode {
  const state = useObservable(entrance.session.state);
  if (state.status === 'unknown') return null;
  if (state.status === 'unreachable') return <Unreachable entrance={entrance} />;
  if (state.status === 'out') return <LogInPage session={entrance.session} />;
  return (
    <>
      <LoggedIn entrance={entrance} />
      {state.status === 'expired' && (
        <ReLogIn session={entrance.session} email={'session' in state ? state.session.agent.email : ''} />
      )}
    </>
  );
}

function LoggedIn({ entrance }: { entrance: Entrance }): ReactNode {
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    void createDesk(entrance, () => {
      const state = entrance.session.state.get();
      if (!('session' in state)) throw new Error('Nobody is logged in.');
      return state.session;
    }).then(setDesk);
  }, [entrance]);
  useEffect(() => desk && startDesk(desk), [desk]);
  const status = useObservable(entrance.session.state, (state) => state.status);
  useEffect(() => {
    if (status === 'in') desk?.sync.retryNow();
    if (status === 'in') desk?.outbox.resume();
  }, [status, desk]);
  if (!desk) return null;
  return (
    <DeskProvider value={desk}>
      <Workplace />
    </DeskProvider>
  );
}

function Unreachable({ entrance }: { entrance: Entrance }): ReactNode {
  const words = useWords();
  return (
    <main className="door">
      <Empty icon="alert" title={words.logIn.unreachable} hint={words.problem.unavailable}>
        <button type="button" className="button" onClick={() => void entrance.session.resume()}>
          {words.retry}
        </button>
      </Empty>
    </main>
  );
}
