import type { MailAddress } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { useLanguage } from '../../words/words.tsx';
import type { MailView } from './mail-view.ts';

/** So many are named in one line. */
const NAMED = 2;

/** To whom a mail went, in one line. */
export function MailPeople({ mail }: { mail: MailView }): ReactNode {
  const { words, formats } = useLanguage();
  const names = (people: readonly MailAddress[]) => {
    const some = formats.list(people.slice(0, people.length > NAMED + 1 ? NAMED : people.length).map(called));
    return people.length > NAMED + 1 ? words.mail.others(some, formats.number(people.length)) : some;
  };
  const line = [
    mail.to.length > 0 && words.mail.toLine(names(mail.to)),
    mail.cc.length > 0 && words.mail.ccLine(names(mail.cc)),
    mail.bcc.length > 0 && words.mail.bccLine(names(mail.bcc)),
  ];
  // One that was sent without a word about whom it is for.
  return line.filter(Boolean).join(' · ') || words.mail.details;
}

/** A person by their name, else by their address. */
export const called = ({ name, address }: MailAddress): string => name || address;

/** Name and address, as headers are written. */
export const inFull = ({ name, address }: MailAddress): string =>
  name && address ? `${name} <${address}>` : name || address;
