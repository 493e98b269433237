import type { ReactNode } from 'react';
import { AppearanceMenu } from '../frame/appearance-menu.tsx';
import { Logo } from '../frame/logo.tsx';
import { useWords } from '../words/words.tsx';
import { LogInForm } from './log-in-form.tsx';
import type { Session } from './session.ts';

/** The door. */
export function LogInPage({ session }: { session: Session }): ReactNode {
  const words = useWords();
  return (
    <div className="door">
      <div className="door-corner">
        <AppearanceMenu />
      </div>
      <main className="door-card">
        <Logo size={40} />
        <h1>{words.logIn.welcome}</h1>
        <LogInForm session={session} />
      </main>
    </div>
  );
}
