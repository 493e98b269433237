import { BodyReader } from './body-reader.ts';
import { guessCharset } from './charset/guess-charset.ts';
import type { Mailbox } from './mail-payload.ts';
import { startOfMail } from './mime/header-block.ts';
import { HeaderReader } from './mime/header-reader.ts';
import { readTree } from './mime/mime-tree.ts';
import { headerOf } from './mime/part.ts';
import type { Part } from './mime/part.ts';
import { decodeTransfer } from './mime/transfer-encoding.ts';
import type { MailLimits } from './parsed-mail.ts';
import { readBody } from './reading/read-body.ts';
import type { Body } from './reading/read-body.ts';

/** A mail within a mail, as far as it stands for the words of the one around it. */
export interface NestedMail {
  from: Mailbox | undefined;
  words: Pick<Body, 'text' | 'visibleText' | 'quotedText'>;
}

/** The first mail that is attached to one which says nothing itself: what it says is what its sender passes on. */
export function readNested(root: Part, limits: MailLimits): NestedMail | undefined {
  const part = firstMessage(root);
  if (!part) return undefined;
  const bytes = decodeTransfer(part.body, part.encoding);
  try {
    const mail = readTree(bytes.subarray(startOfMail(bytes)), { limits, damage: () => undefined });
    const reader = new HeaderReader(() => guessCharset([bytes.subarray(0, 65_536)]));
    const subject = reader.text(headerOf(mail, 'subject'));
    const from = reader.addresses(mail.headers, 'from')[0];
    const { text, visibleText, quotedText } = readBody(new BodyReader(reader).pieces(mail), { subject });
    return { from, words: { text, visibleText, quotedText } };
  } catch {
    // What the attached mail holds is its own trouble; it is kept as a file.
    return undefined;
  }
}

export function firstMessage(part: Part): Part | undefined {
  if (part.type === 'message/rfc822' || part.type === 'message/global') return part;
  for (const child of part.children) {
    const found = firstMessage(child);
    if (found) return found;
  }
  return undefined;
}
