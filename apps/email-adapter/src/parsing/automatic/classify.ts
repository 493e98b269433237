import type { Mailbox, MailPayload } from '../mail-payload.ts';
import type { HeaderReader } from '../mime/header-reader.ts';
import type { Part } from '../mime/part.ts';
import { readBounce } from '../bounce/read-bounce.ts';
import { autoOf } from './auto-reply.ts';

/** A mail as its kind is told from. */
export interface Classified {
  root: Part;
  reader: HeaderReader;
  text: string;
  subject: string;
  from: Mailbox;
}

/** What kind of automatic mail it is, if any: a bounce before an automatic reply before a list's mail. */
export function classify(mail: Classified): Pick<MailPayload, 'auto' | 'bounce'> {
  const bounce = readBounce(mail);
  return bounce ? { auto: 'bounce', bounce } : { auto: autoOf(mail) };
}
