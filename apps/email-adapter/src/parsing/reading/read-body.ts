import { joinHtml, escapeHtml } from '../body-reader.ts';
import type { BodyPiece } from '../body-reader.ts';
import { FORWARD_MARK, htmlText, MAX_HTML, MAX_TEXT, QUOTE_MARK } from './html-lines.ts';
import type { HtmlText } from './html-lines.ts';
import { sanitizeMailHtml } from './sanitize-mail-html.ts';
import { splitText } from './split-text.ts';
import type { SplitOptions, SplitText } from './split-text.ts';

export interface Body {
  text: string;
  html: string | null;
  visibleText: string;
  quotedText: string;
  forward: boolean;
  /** It was too long to be kept whole. */
  shortened: boolean;
}

/** Reads a mail's words: the whole text, the safe HTML, and what of it is new. */
export function readBody(pieces: readonly BodyPiece[], options: SplitOptions): Body {
  const rawHtml = pieces.some(({ html }) => html !== undefined) ? joinHtml(pieces) : undefined;
  const fromHtml: HtmlText | undefined = rawHtml === undefined ? undefined : htmlText(rawHtml);
  const ofHtml = fromHtml ? plain(fromHtml) : '';
  const written = pieces
    .map(({ text, html }) => text ?? (html === undefined ? '' : plain(htmlText(html))))
    .join('\n\n')
    .trim();
  const isWritten = fromHtml === undefined || isUsable(written, ofHtml);
  const text = tidy(isWritten ? written : ofHtml);
  const split = chooseSplit(isWritten ? text : undefined, fromHtml?.lines ?? [], options);
  return {
    text,
    html: rawHtml === undefined ? null : safeHtml(rawHtml, fromHtml!),
    visibleText: split.visible.slice(0, MAX_TEXT),
    quotedText: split.quoted.slice(0, MAX_TEXT),
    forward: split.forward,
    shortened: written.length > MAX_TEXT || (rawHtml?.length ?? 0) > MAX_HTML,
  };
}

const isMark = (line: string) => line === QUOTE_MARK || line === FORWARD_MARK;
const plain = ({ lines }: HtmlText) => lines.filter((line) => !isMark(line)).join('\n');
const tidy = (text: string) =>
  text
    .slice(0, MAX_TEXT)
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();

const safeHtml = (html: string, { lines, tooDeep }: HtmlText) =>
  sanitizeMailHtml(tooDeep ? `<pre>${escapeHtml(lines.join('\n'))}</pre>` : html);

/** A text beside HTML may be a stand-in for those who cannot read HTML. */
function isUsable(written: string, ofHtml: string): boolean {
  if (written === '') return false;
  if (/^\s*<(?:!doctype|html|body|div|table|p)\b/i.test(written)) return false;
  return !(ofHtml.length > written.length * 2 && written.length < 400 && standIn.test(written));
}

const standIn =
  /html|browser|view (?:this|the) (?:e-?mail|message)|ansehen|anzeigen|navigateur|navegador|浏览器|瀏覽器|不支持|ブラウザ/i;

/**
 * The text's own split, unless only the HTML knows where the quote begins: most clients mark it there, and some lose
 * the mark in the text beside.
 */
function chooseSplit(text: string | undefined, ofHtml: string[], options: SplitOptions): SplitText {
  if (text === undefined) return splitText(ofHtml, options);
  const own = splitText(text.split('\n'), options);
  if (own.quoted !== '' || own.forward || !ofHtml.some((line) => isMark(line) || line.startsWith('>')))
    return own;
  const other = splitText(ofHtml, options);
  return other.quoted !== '' && other.visible !== '' ? other : own;
}
