import { readHeaderBlock, startOfMail } from '../mime/header-block.ts';
import { readId } from '../mime/message-ids.ts';
import { headerOf } from '../mime/part.ts';
import type { Part } from '../mime/part.ts';
import { decodeTransfer } from '../mime/transfer-encoding.ts';
import { addressOf } from './delivery-report.ts';
import { phrases } from '../phrases.ts';

/** What a bounce brings back of the mail that bounced. */
export interface ReturnedMail {
  messageId: string | null;
  to: string[];
}

const returned = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'text/rfc822-header',
  'message/global',
  'message/global-headers',
  'message/partial',
  'message/rfc822-headers',
]);

/** Lines after which a report without parts shows the mail it returns. */
export const returnedFollows = phrases(
  [
    /(?:-{2,}|={2,}|_{2,}|\*{2,})? ?(?:(?:this is a|below (?:this line )?is (?:a |the )?|here is (?:a |the )?|the following is (?:a |the )?|included is (?:a |the )?)?(?:copy|header|headers|text|start|beginning|first \d+ lines|contents?|top \d+ lines)? ?(?:of )?(?:the |your |of |enclosed |all )*(?:undelivered|original|returned|bounced|unsent|rejected|failed|enclosed|sent|forwarded) (?:message|mail|e-?mail|letter|headers?|text)[^\n]{0,60}|returned (?:message|mail)[^\n]{0,40}|unsent message (?:below|follows)?|original message(?: follows)?|message headers? follows?|message header|undelivered message[^\n]{0,30}|mail headers? follows?|your (?:original )?message (?:reads|follows|was|text)[^\n]{0,30}|message from [^\n]{0,60}follows|the (?:original )?message (?:header|headers|text|follows)[^\n]{0,40}|message follows|included message|start of returned message|the header of the original message|original mail|headers of the original message|message contents?|received message|原始邮件|原始信件|原邮件|元のメッセージ|送信メール(?:の内容)?|ursprüngliche nachricht|original-nachricht|message d'origine|mensaje original|исходное сообщение)[^\n]{0,20}/,
    /-{3,} ?(?:this|below)[^\n]{0,60}copy of[^\n]{0,60}/,
  ],
  { before: /^[\s>*-]*/, after: /$/, flags: 'i' },
);

/** Finds the returned mail: a part of its own, or what stands below the report's words. */
export function readReturned(root: Part, text: string): ReturnedMail {
  const part = findPart(root, ({ type }) => returned.has(type));
  if (part) {
    const bytes = decodeTransfer(part.body, part.encoding);
    const { headers } = readHeaderBlock(bytes.subarray(startOfMail(bytes)), bytes.length);
    const id = readId(headerOf({ headers }, 'message-id'));
    if (id) return { messageId: id, to: addressesOf(headerOf({ headers }, 'to')) };
  }
  const inText = fromText(text);
  return inText.messageId ? inText : { ...inText, messageId: idInFiles(root) };
}

/** Some gateways return the header as a file, or lose the boundary before it. */
function idInFiles(part: Part): string | null {
  if (part.children.length > 0) {
    for (const child of part.children) {
      const found = idInFiles(child);
      if (found) return found;
    }
    return null;
  }
  if (!/^(?:text|message)\//.test(part.type)) return null;
  return fromText(decodeTransfer(part.body, part.encoding).toString('latin1', 0, 65_536)).messageId;
}

function fromText(text: string): ReturnedMail {
  const words = text.slice(0, 200_000);
  // The last of several is the innermost, that is, the mail itself.
  const id =
    /^[ \t>|]{0,10}message-id:[ \t]*(?:\n[ \t]+)?<?([^<>\s]{3,500}@[^<>\s]{1,300})>?/im.exec(words)?.[1] ??
    null;
  const to = /^[ \t>|]{0,10}to:[ \t]*([^\n]{1,400})/im.exec(words)?.[1];
  return { messageId: id, to: addressesOf(to) };
}

function addressesOf(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, 4000)
    .split(',')
    .map(addressOf)
    .filter((address) => address !== null);
}

export function findPart(part: Part, wanted: (part: Part) => boolean): Part | undefined {
  if (wanted(part)) return part;
  for (const child of part.children) {
    const found = findPart(child, wanted);
    if (found) return found;
  }
  return undefined;
}
