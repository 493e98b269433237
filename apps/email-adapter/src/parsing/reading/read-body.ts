import { joinHtml } from '../body-reader.ts';
import type { BodyPiece } from '../body-reader.ts';
import { htmlLines, withoutMarks, FORWARD_MARK, QUOTE_MARK } from './html-lines.ts';
import { sanitizeMailHtml } from './sanitize-mail-html.ts';
import { splitText } from './split-text.ts';
import type { SplitOptions, SplitText } from './split-text.ts';

/** Characters of text that are kept. The raw mail has the rest. */
const MAX_TEXT = 2 * 1024 * 1024;

export interface Body {
  text: string;
  html: string | null;
  visibleText: string;
  quotedText: string;
  forward: boolean;
}

/** Reads a mail's words: the whole text, the safe HTML, and what of it is new. */
export function readBody(pieces: readonly BodyPiece[], options: SplitOptions): Body {
  const hasHtml = pieces.some(({ html }) => html !== undefined);
  const rawHtml = hasHtml ? joinHtml(pieces) : '';
  const fromHtml = hasHtml ? htmlLines(rawHtml) : [];
  const htmlText = withoutMarks(fromHtml.filter((line) => !isMark(line)).join('\n'));
  const written = pieces
    .map(({ text, html }) => text ?? (html === undefined ? '' : plainOf(html)))
    .join('\n\n')
    .trim();
  const text = usable(written, htmlText, hasHtml) ? written : htmlText;
  const split = chooseSplit(text, text === htmlText ? fromHtml : undefined, fromHtml, options);
  return {
    text: tidy(text),
    html: hasHtml ? sanitizeMailHtml(rawHtml) : null,
    visibleText: split.visible.slice(0, MAX_TEXT),
    quotedText: split.quoted.slice(0, MAX_TEXT),
    forward: split.forward,
  };
}

const isMark = (line: string) => line === QUOTE_MARK || line === FORWARD_MARK;
const plainOf = (html: string) =>
  htmlLines(html)
    .filter((line) => !isMark(line))
    .join('\n');
const tidy = (text: string) =>
  text
    .slice(0, MAX_TEXT)
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();

/** A text beside HTML may be a stand-in for those who cannot read HTML. */
function usable(written: string, htmlText: string, hasHtml: boolean): boolean {
  if (!hasHtml) return true;
  if (written === '') return false;
  if (/^\s*<(?:!doctype|html|body|div|table|p)\b/i.test(written)) return false;
  return !(htmlText.length > written.length * 2 && written.length < 400 && standIn.test(written));
}

const standIn =
  /html|browser|view (?:this|the) (?:e-?mail|message)|ansehen|anzeigen|navigateur|navegador|浏览器|瀏覽器|不支持|ブラウザ/i;

/**
 * The text's own split, unless only the HTML knows where the quote begins: most clients mark it there, and some lose
 * the mark in the text beside.
 */
function chooseSplit(
  text: string,
  lines: string[] | undefined,
  fromHtml: string[],
  options: SplitOptions,
): SplitText {
  const own = splitText(lines ?? text.split('\n'), options);
  if (
    lines ||
    own.quoted !== '' ||
    own.forward ||
    !fromHtml.some((line) => isMark(line) || line.startsWith('>'))
  )
    return own;
  const other = splitText(fromHtml, options);
  return other.quoted !== '' && other.visible !== '' ? other : own;
}
