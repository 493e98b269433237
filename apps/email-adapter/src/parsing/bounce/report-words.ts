import { addressOf } from './delivery-report.ts';
import { returnedFollows } from './returned-mail.ts';

/** A report's own words are short; what is longer returns the mail. */
const MAX_WORDS = 12_000;

/** The words of a report before the mail it returns. */
export function reportWords(text: string): string {
  const lines = text.slice(0, MAX_WORDS).split('\n');
  const end = lines.findIndex((line, i) => i > 1 && startsReturned(line, lines, i));
  const words = (end < 0 ? lines : lines.slice(0, end)).join('\n');
  return words.trim() === '' || !/[a-z\u0400-\uffff]{3}/i.test(words) ? text.slice(0, MAX_WORDS) : words;
}

function startsReturned(line: string, lines: readonly string[], at: number): boolean {
  if (line.length > 300) return false;
  if (/^(?:return-path|received|x-original-to|delivered-to):\s/i.test(line)) return true;
  return returnedFollows.test(line) && isHeaderSoon(lines, at + 1);
}

const isHeaderSoon = (lines: readonly string[], from: number) =>
  lines
    .slice(from, from + 8)
    .some((line) =>
      /^[\s>|]{0,10}(?:return-path|received|from|to|subject|date|message-id|mime-version|x-[a-z-]+):/i.test(
        line,
      ),
    );

/** The address that a report without structure is about. */
export function failedRecipient(named: string, words: string, sender: string): string | null {
  const first = addressOf(named);
  if (first) return first;
  for (const line of words.split('\n')) {
    if (line.length > 1000) continue;
    const found = recipientLine.exec(line)?.[1] ?? null;
    if (
      found &&
      found.toLowerCase() !== sender.toLowerCase() &&
      !/^(?:postmaster|mailer-daemon)@/i.test(found)
    )
      return found;
  }
  return anyAddress(words, sender);
}

const recipientLine =
  /(?:^\s*[<("'*-]{0,3}\s*|(?:to|for|recipient|address|rcpt to|user|unknown user|宛先|收件人|an|à|para|a)[:：\s]+<?)([^\s<>()[\]"',;:：，。；（）【】]{1,64}@[^\s<>()[\]"',;:：，。；（）【】]{1,255}\.[a-z0-9-]{2,})/i;

function anyAddress(words: string, sender: string): string | null {
  for (const match of words
    .slice(0, 4000)
    .matchAll(
      /[^\s<>()[\]"',;:=：，。；（）【】]{1,64}@[^\s<>()[\]"',;:：，。；（）【】]{1,255}\.[a-z]{2,}/gi,
    )) {
    if (
      match[0].toLowerCase() !== sender.toLowerCase() &&
      !/^(?:postmaster|mailer-daemon|abuse|support|admin)@/i.test(match[0])
    )
      return match[0];
  }
  return null;
}

/** A line that begins what a report says of one recipient: an address alone, in brackets or quotes or before a colon. */
const blockStart = /^[ \t]{0,8}(?:[<"']\S{1,64}@\S{1,255}[>"']:?|\S{1,64}@[\w.-]{1,255}:?)(?:\s{0,4}$|: )/;
const MAX_BLOCKS = 50;

/** The words about each of several recipients; all words, where they are about one. */
export function recipientBlocks(words: string): string[] {
  const lines = words.split('\n');
  const starts = lines
    .flatMap((line, i) => (line.length < 400 && blockStart.test(line) ? [i] : []))
    .slice(0, MAX_BLOCKS);
  if (starts.length < 2) return [words];
  const blocks = starts.map((from, i) => lines.slice(from, starts[i + 1]).join('\n'));
  // Addresses that stand in a list share the words around them.
  return blocks.every((block) => block.trim().includes('\n') || /\b[45]\d\d\b|[45]\.\d\.\d|: \S/.test(block))
    ? blocks
    : [words];
}
