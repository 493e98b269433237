import type { Entry } from '@yixian/contracts';
import { inFull } from '../../timeline/mail/mail-people.tsx';
import type { MailView } from '../../timeline/mail/mail-view.ts';

/** The bounds of the contract. */
const MAX_TEXT = 200_000;
const MAX_HTML = 1_000_000;

/** What is answered as it goes along with the answer: its line of attribution, then all of it. */
export function quotationOf(
  { mail, entry }: { mail: MailView; entry: Pick<Entry, 'payload'> },
  attribution: string,
): { text: string; html: string } {
  const whole = entry.payload['text'];
  const text = typeof whole === 'string' && whole ? whole : mail.text;
  const lines = text.split('\n').map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`));
  // Images of the old mail are not in the new one.
  const html = mail.html?.replace(/<img\b[^>]*>/gi, '') ?? escaped(text).replaceAll('\n', '<br>');
  return {
    text: `${attribution}\n${lines.join('\n')}`.slice(0, MAX_TEXT),
    html: `<div>${escaped(attribution)}</div><blockquote type="cite">${html.length > MAX_HTML / 2 ? escaped(text) : html}</blockquote>`.slice(
      0,
      MAX_HTML,
    ),
  };
}

/** Who wrote it, for the line of attribution. */
export const writerOfMail = ({ from }: MailView): string => (from ? inFull(from) : '');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!);
