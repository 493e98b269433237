import type { ReactNode } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.tsx';
import { LogInForm } from './log-in-form.tsx';
import type { Session } from './session.ts';

/** Asks for the password again over the page, which stays as it is. */
export function ReLogIn({ session, email }: { session: Session; email: string }): ReactNode {
  const words = useWords();
  return (
    <Dialog title={words.logIn.expiredTitle} onClose={() => {}} insistent>
      <p className="dialog-text">{words.logIn.expiredText}</p>
      <LogInForm session={session} email={email} />
    </Dialog>
  );
}
