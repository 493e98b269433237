import type { HeaderReader } from './mime/header-reader.ts';
import { readDate } from './mime/mail-date.ts';
import { readId } from './mime/message-ids.ts';
import { headerOf } from './mime/part.ts';
import type { RawHeader } from './mime/header-block.ts';
import type { MailRefused, RefusalCode } from './parsed-mail.ts';

const reasons: Record<RefusalCode, string> = {
  empty: 'The mail is empty.',
  'too-large': 'The mail is larger than is read.',
  'too-deep': 'The mail has parts within parts beyond what is read.',
  'too-many-parts': 'The mail has more parts than are read.',
  'headers-too-large': 'A header of the mail is larger than is read.',
  unreadable: 'The mail cannot be read.',
};

/** Refuses a mail, telling what its head says as far as that can be read. */
export function refuse(
  code: RefusalCode,
  headers: readonly RawHeader[] = [],
  reader?: HeaderReader,
): MailRefused {
  const known: MailRefused['known'] = {};
  if (reader && headers.length > 0) {
    const first = (name: string) => headerOf({ headers }, name);
    known.subject = reader.text(first('subject')).slice(0, 1000);
    known.from = reader.addresses(headers.slice(0, 200), 'from')[0] ?? { name: '', address: '' };
    known.messageId = readId(first('message-id')?.slice(0, 1000));
    known.date = readDate(first('date') ?? '');
  }
  return { kind: 'refused', code, reason: reasons[code], known };
}
