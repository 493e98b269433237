import { QUOTE_MARK, FORWARD_MARK } from './html-lines.ts';
import {
  addressThenColon,
  attributionEnds,
  attributionStarts,
  forwardNames,
  hasAddress,
  hasDate,
  headerLine,
  originalNames,
  replyAboveLine,
} from './quote-words.ts';
import type { HeaderLabel } from './quote-words.ts';

/** A line that is quoted by a mark at its beginning: `>`, `|`, or the initials of its author before `>`. */
export const isQuotedLine = (line: string) =>
  /^[\s\u3000]{0,4}(?:>|＞|\|\s?>|\|(?: |$)|:>|[A-Z]{1,3}>(?:\s|$|>))/.test(line);

/** Lines longer than this introduce nothing. */
const MAX_LINE = 600;
/** An attribution is wrapped over at most so many lines. */
const MAX_WRAPPED = 5;

const rule = /^[\s\u3000]*[-_=*~‐‑–—―─━]{2,}[\s\u00a0]*([^\n]*?)[\s\u00a0]*[-_=*~‐‑–—―─━]{2,}[\s\u3000]*$/;
const bareRule = /^[\s\u3000]*[-_=‐–—―─━]{5,}[\s\u3000]*$/;

/** The words of a line like `----- Original Message -----`, or of one that ends in a colon. */
function announced(line: string): string | undefined {
  if (line.length > 200) return undefined;
  const ruled = ruleWords(line);
  if (ruled !== undefined) return ruled;
  const text = line.trim();
  return /[:：]$/.test(text) && text.length < 80 ? text : undefined;
}

function ruleWords(line: string): string | undefined {
  const text = line.replaceAll('&nbsp;', ' ').trim();
  if (!/^[-_=*~‐‑–—―─━]{2}/.test(text) || !rule.test(text)) return undefined;
  return text.replaceAll(/^[-_=*~‐‑–—―─━\s]+|[-_=*~‐‑–—―─━\s]+$/g, '');
}

/** Where the words go on after a line that says a forwarded mail follows. */
export function forwardAt(lines: readonly string[], at: number): number | undefined {
  const words = announced(lines[at]!);
  return words !== undefined && forwardNames.test(words) ? at + 1 : undefined;
}

/** Where the words go on after a line that says the answered mail follows. */
export function separatorAt(lines: readonly string[], at: number): number | undefined {
  const line = lines[at]!;
  if (line.length > MAX_LINE) return undefined;
  if (replyAboveLine.test(line)) return at + 1;
  const words = ruleWords(line);
  if (words !== undefined && (originalNames.test(words) || isRuledAttribution(words))) return at + 1;
  if (bareRule.test(line)) {
    const next = nextLine(lines, at + 1);
    return next !== undefined && headerBlockAt(lines, next) !== undefined ? at + 1 : undefined;
  }
  return undefined;
}

/** `---- On Tue, 22 Dec 2015 … wrote ----`, as Zoho writes. */
const isRuledAttribution = (words: string) => attributionEnds.test(tail(words)) && hasDate.test(words);

/** Where the words go on after the header of a quoted mail: `From: … Sent: … To: … Subject: …` in any language. */
export function headerBlockAt(lines: readonly string[], at: number): number | undefined {
  const first = labelOf(lines[at]!);
  if (first === undefined || first.label === 'other' || first.label === 'cc') return undefined;
  // A header begins with its first line: the others were looked at with that.
  if (at > 0 && labelOf(lines[at - 1]!) !== undefined) return undefined;
  const seen = new Map<HeaderLabel, string>([[first.label, first.value]]);
  let last = at;
  for (let i = at + 1; i < lines.length && i <= last + 3 && i < at + 30; i++) {
    const found = labelOf(lines[i]!);
    if (!found) continue;
    if (!seen.has(found.label)) seen.set(found.label, found.value || lines[i + 1]?.trim() || '');
    last = i;
  }
  return isHeader(seen) ? last + 1 : undefined;
}

const labelOf = (line: string) => (line.length > MAX_LINE * 4 ? undefined : headerLine(line));

/** Whether labels found together are a mail's header, not a list that a customer wrote. */
function isHeader(seen: ReadonlyMap<HeaderLabel, string>): boolean {
  const dated = hasDate.test((seen.get('sent') ?? '').slice(0, 200));
  const addressed = [...seen.values()].some((value) => hasAddress.test(value.slice(0, 300)));
  if (!seen.has('from')) return dated && seen.has('to') && seen.has('subject');
  if (dated && (seen.has('to') || seen.has('subject') || addressed)) return true;
  return seen.has('subject') && (seen.has('to') || addressed) && (addressed || seen.size >= 4);
}

/**
 * Where the words go on after an attribution (`On … wrote:`), which may be wrapped. It needs an ending that says so
 * and a date or an address; `X wrote:` alone only counts before a quoted line.
 */
export function attributionAt(lines: readonly string[], at: number): number | undefined {
  const first = lines[at]!;
  if (first.length > MAX_LINE) return undefined;
  let joined = '';
  for (let i = at; i < Math.min(lines.length, at + MAX_WRAPPED); i++) {
    const line = lines[i]!;
    if (line === QUOTE_MARK || line === FORWARD_MARK) break;
    if (line.trim() === '' && i > at && joined === '') return undefined;
    if (line.trim() === '' && i === at + 1) continue;
    if (line.trim() === '' || line.length > MAX_LINE || isQuotedLine(line)) break;
    joined = `${joined} ${line.trim()}`.trim();
    if (joined.length > MAX_LINE) break;
    if (i === at && datedAddress.test(joined) && isQuoteBelow(lines, i + 1)) return i + 1;
    if (i === at && zonedName.test(joined)) return i + 1;
    if (endsAttribution(joined, i === at) && (i === at || opensAttribution(first))) {
      return isQuoteBelow(lines, i + 1) || isEvident(joined) ? i + 1 : undefined;
    }
  }
  return undefined;
}

/** A date, a name and an address, as some versions of Gmail wrote them without another word. */
const datedAddress = /^\d{4}[/.-]\d{1,2}[/.-]\d{1,2} [^\n]{1,200}<[^\s<>]{1,200}>$/;

/** The same where the address was lost on the way. The zone is what nobody writes by hand. */
const zonedName = /^\d{4}[/.-]\d{1,2}[/.-]\d{1,2} \d{1,2}:\d{2} GMT[+-]\d{1,2}:\d{2} [^\n]{1,100}$/;

const endsAttribution = (text: string, oneLine: boolean) =>
  (/[:：][\s\u200e\u200f\u202a-\u202c*_]*$/.test(text) &&
    (attributionEnds.test(tail(text)) || addressThenColon.test(tail(text)))) ||
  (oneLine && hasDate.test(text) && hasAddress.test(text) && attributionEnds.test(tail(text)));

/** Endings are looked for in the last words alone. */
const tail = (text: string) => text.slice(-320);

/** A wrapped attribution begins like one; otherwise the lines before its last would be lost to it. */
const opensAttribution = (line: string) =>
  attributionStarts.test(line) || hasDate.test(line) || hasAddress.test(line);

const isEvident = (text: string) =>
  (hasDate.test(text) && (hasAddress.test(text) || attributionStarts.test(text) || /[:：]\s*$/.test(text))) ||
  (hasAddress.test(text) && text.length < 300);

function isQuoteBelow(lines: readonly string[], from: number): boolean {
  const next = nextLine(lines, from);
  return next !== undefined && isQuotedLine(lines[next]!);
}

function nextLine(lines: readonly string[], from: number): number | undefined {
  for (let i = from; i < Math.min(lines.length, from + 8); i++) if (lines[i]!.trim() !== '') return i;
  return undefined;
}
