import { createHash } from 'node:crypto';
import { parseMail } from './parse-mail.ts';
import type { MailRefused, ParsedMail, ParseOptions } from './parsed-mail.ts';

/** Bytes from the beginning of a mail that are read. */
const HEAD = 64 * 1024;

/**
 * Reads a mail that is too much to be read whole: its headers and the first words of it, with the whole mail, as it
 * came, as its one attachment.
 */
export function readHead(raw: Buffer, options: ParseOptions): ParsedMail | MailRefused {
  const mail = parseMail(raw.subarray(0, HEAD), options);
  if (mail.kind === 'refused') return mail;
  const whole = {
    name: 'mail.eml',
    type: 'message/rfc822',
    size: raw.length,
    sha256: createHash('sha256').update(raw).digest('hex'),
    inline: false,
    contentId: null,
  };
  return {
    ...mail,
    payload: {
      ...mail.payload,
      attachments: [whole],
      badges: [...new Set([...(mail.payload.badges ?? []), 'shortened' as const])],
    },
    attachments: [{ ...whole, content: raw }],
    damages: [...mail.damages, 'Only the beginning was read.'],
  };
}
