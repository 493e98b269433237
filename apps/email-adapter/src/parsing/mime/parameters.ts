import { decodeWords } from './encoded-words.ts';
import type { ReadText } from './encoded-words.ts';

/** A structured header value: what it is, and its parameters by lower-case name. */
export interface Parameterized {
  /** In lower case: `text/plain`, `attachment`. */
  value: string;
  parameters: Map<string, string>;
}

/** More parameters than any mail has. */
const MAX_PARAMETERS = 1000;

/** Reads `value; a=b; c="d"` with continuations and charsets of RFC 2231, encoded words, and unquoted spaces. */
export function readParameters(header: string, read: ReadText): Parameterized {
  const pieces = splitParameters(header);
  const raw = new Map<string, string>();
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=');
    if (equals < 1) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (!raw.has(name)) raw.set(name, unquote(piece.slice(equals + 1).trim()));
  }
  const value = (pieces[0] ?? '').replace(/\(.*$/s, '').trim().toLowerCase();
  return { value, parameters: joinContinuations(raw, read) };
}

/** Splits at semicolons that are not within quotes. */
function splitParameters(header: string): string[] {
  const pieces: string[] = [];
  let quoted = false;
  let from = 0;
  for (let i = 0; i < header.length && pieces.length < MAX_PARAMETERS; i++) {
    const character = header[i];
    if (quoted && character === '\\') i++;
    else if (character === '"') quoted = !quoted;
    else if (character === ';' && !quoted) {
      pieces.push(header.slice(from, i));
      from = i + 1;
    }
  }
  pieces.push(header.slice(from));
  return pieces;
}

function unquote(text: string): string {
  if (text[0] === "'" && text.length > 1 && text.endsWith("'")) return text.slice(1, -1);
  if (text[0] !== '"') return text.replace(/\s+\([^()]*\)$/, '');
  const end = text.length > 1 && text.endsWith('"') ? text.length - 1 : text.length;
  // A backslash before anything but a quote is a Windows path, not an escape.
  return text.slice(1, end).replaceAll(/\\(["\\])/g, '$1');
}

interface Section {
  index: number;
  encoded: boolean;
  text: string;
}

function joinContinuations(raw: Map<string, string>, read: ReadText): Map<string, string> {
  const out = new Map<string, string>();
  const sections = new Map<string, Section[]>();
  for (const [key, text] of raw) {
    const match = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(key);
    if (!match || (match[2] === undefined && match[3] === undefined)) {
      if (!out.has(key)) out.set(key, decodeWords(text, read));
      continue;
    }
    const list = sections.get(match[1]!) ?? [];
    list.push({ index: Number(match[2] ?? 0), encoded: match[3] !== undefined, text });
    sections.set(match[1]!, list);
  }
  // The extended form wins over the plain one beside it (RFC 6266, section 4.3).
  for (const [name, list] of sections) out.set(name, readSections(list, read));
  return out;
}

function readSections(sections: Section[], read: ReadText): string {
  const inOrder = sections.toSorted((a, b) => a.index - b.index);
  const first = inOrder[0]!;
  const match = first.encoded ? /^([^']*)'([^']*)'/.exec(first.text) : null;
  if (match) first.text = first.text.slice(match[0].length);
  if (!inOrder.some(({ encoded }) => encoded))
    return decodeWords(inOrder.map(({ text }) => text).join(''), read);
  const bytes = inOrder.map(({ text, encoded }) => (encoded ? percentDecoded(text) : toBytes(text)));
  return decodeWords(read(Buffer.concat(bytes), match?.[1] ?? ''), read);
}

/** Headers are one character per byte until they are decoded; what is already decoded stays as UTF-8. */
const toBytes = (text: string) => Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1');

function percentDecoded(text: string): Buffer {
  const source = toBytes(text);
  const out = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const code = source[i] === 0x25 ? source.toString('latin1', i + 1, i + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(code)) {
      out[length++] = Number.parseInt(code, 16);
      i += 2;
    } else out[length++] = source[i]!;
  }
  return out.subarray(0, length);
}
