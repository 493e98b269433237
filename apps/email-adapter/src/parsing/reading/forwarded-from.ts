import type { Mailbox } from '../mail-payload.ts';
import { readAddresses } from '../mime/addresses.ts';
import { headerLine } from './quote-words.ts';

/** Whom a forwarded mail was from, as the header in its text says. */
export function forwardedFrom(text: string): Mailbox | undefined {
  for (const line of text.slice(0, 100_000).split('\n')) {
    const found = line.length < 1000 ? headerLine(line.replace(/^[>\s]+/, '')) : undefined;
    if (found?.label !== 'from') continue;
    const value = found.value
      .replaceAll(/[*_]+/g, '')
      .replace(/[;；]\s*$/, '')
      .replace(/\[mailto:([^\]]{1,300})\]/i, '<$1>')
      .replaceAll(/<mailto:[^>]{0,300}>/gi, '');
    const mailbox = readAddresses(value, (words) => words)[0];
    if (mailbox?.address.includes('@')) return mailbox;
  }
  return undefined;
}
