import { lineAt } from './line-ends.ts';

/** A header field as raw bytes (one character each), unfolded. */
export interface RawHeader {
  /** In lower case. */
  name: string;
  value: string;
}

export interface HeaderBlock {
  headers: RawHeader[];
  /** Where the body begins. */
  bodyFrom: number;
}

/** A mail whose header is beyond what is read. */
export class HeadersTooLarge extends Error {}

const field = /^([!-9;-~]{1,200})[ \t]*:/;
const everyday =
  /^(?:received|return-path|from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|x-[a-z0-9-]+|reply-to|sender|references|in-reply-to|delivered-to|dkim-signature|list-[a-z-]+|precedence|auto-submitted|thread-[a-z]+|importance|organization|user-agent|status|errors-to|arc-[a-z-]+|authentication-results|received-spf|original-[a-z-]+|final-[a-z-]+|reporting-mta|action|diagnostic-code)$/i;

/**
 * Reads the header fields that `bytes` begins with, up to the blank line. A line that is no field belongs to the field before it when
 * more fields follow (broken folding), else the body begins there (the blank line is missing).
 */
export function readHeaderBlock(bytes: Buffer, maxSize: number): HeaderBlock {
  const end = bytes.length;
  const headers: RawHeader[] = [];
  let values: string[] = [];
  let at = 0;
  const finish = (bodyFrom: number): HeaderBlock => {
    closeField();
    return { headers, bodyFrom };
  };
  const closeField = () => {
    const last = headers.at(-1);
    if (last) last.value = values.join('').trim();
  };
  while (at < end) {
    const line = lineAt(bytes, at, end);
    if (line.to > maxSize) throw new HeadersTooLarge();
    const text = bytes.toString('latin1', line.from, line.to);
    if (text === '') return finish(line.next);
    const match = field.exec(text);
    if (text[0] === ' ' || text[0] === '\t') {
      if (text.trim() === '' && !headerFollows(bytes, line.next, end)) return finish(line.next);
      if (headers.length > 0) values.push(` ${text.trimStart()}`);
    } else if (match) {
      closeField();
      values = [text.slice(match[0].length).trimStart()];
      headers.push({ name: match[1]!.toLowerCase(), value: '' });
    } else if (/^>?From /.test(text)) {
      // A mailbox's separator, or one that was quoted once.
    } else if (headers.length > 0 && headerFollows(bytes, line.next, end)) {
      values.push(` ${text}`);
    } else {
      return finish(line.from);
    }
    at = line.next;
  }
  return finish(end);
}

/** Lines of broken folding that may stand before the next field. */
const MAX_BROKEN = 3;

/** Whether header fields plainly go on: at once, or after a few lines of broken folding. */
function headerFollows(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  for (let broken = 0; broken <= MAX_BROKEN && at < end; broken++) {
    const line = lineAt(bytes, at, end);
    const text = bytes.toString('latin1', line.from, Math.min(line.to, line.from + 240));
    const match = field.exec(text);
    if (match) return everyday.test(match[1]!);
    if (!/^[ \t]\s*\S|^=\?/.test(text)) return false;
    at = line.next;
  }
  return false;
}

/** Where the mail begins: after a byte order mark, blank lines and a mailbox's `From ` line. */
export function startOfMail(bytes: Buffer): number {
  let at = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let blank = true; blank && at < bytes.length;) {
    const line = lineAt(bytes, at, bytes.length);
    blank = line.to === line.from || bytes.toString('latin1', line.from, line.to).trim() === '';
    if (blank) at = line.next;
  }
  return at;
}
