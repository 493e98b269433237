import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts';

/** Bytes in a charset, to be made text of. */
export type ReadText = (bytes: Buffer, charset: string) => string;

interface Word {
  charset: string;
  encoding: 'b' | 'q';
  text: string;
  end: number;
}

/**
 * Decodes the encoded words (RFC 2047) within `text`, also those that stand where they must not: glued to other
 * text, in quotes, with spaces in them, unclosed. Words of one charset that stand together are joined as bytes first,
 * because mailers split characters between them.
 */
export function decodeWords(text: string, read: ReadText): string {
  if (!text.includes('=?')) return text;
  const out: string[] = [];
  let run: Word[] = [];
  let plainFrom = 0;
  const flush = () => {
    if (run.length > 0) out.push(readRun(run, read));
    run = [];
  };
  for (let at = text.indexOf('=?'); at >= 0;) {
    const word = wordAt(text, at);
    if (!word) {
      at = text.indexOf('=?', at + 2);
      continue;
    }
    const between = text.slice(plainFrom, at);
    if (run.length === 0 || between.trim() !== '') {
      flush();
      out.push(between);
    }
    const last = run.at(-1);
    if (last && (last.charset !== word.charset || last.encoding !== word.encoding)) flush();
    run.push(word);
    plainFrom = word.end;
    at = text.indexOf('=?', word.end);
  }
  flush();
  out.push(text.slice(plainFrom));
  return out.join('');
}

const opening = /=\?([A-Za-z0-9_.:()+-]{1,60})(?:\*[A-Za-z0-9-]{0,20})?\?([bBqQ])\?/y;

function wordAt(text: string, at: number): Word | undefined {
  opening.lastIndex = at;
  const match = opening.exec(text);
  if (!match) return undefined;
  const from = opening.lastIndex;
  const encoding = match[2]!.toLowerCase() as 'b' | 'q';
  const [to, end] = closing(text, from, encoding);
  return { charset: match[1]!, encoding, text: text.slice(from, to), end };
}

/** Where a word's text ends, and where what follows the word begins. An unclosed word ends with its alphabet. */
function closing(text: string, from: number, encoding: 'b' | 'q'): [number, number] {
  const alphabet = encoding === 'b' ? notBase64 : notQuoted;
  alphabet.lastIndex = from;
  const stop = alphabet.exec(text)?.index ?? text.length;
  if (text.startsWith('?=', stop)) return [stop, stop + 2];
  if (encoding === 'b') return text[stop] === '?' ? [stop, stop + 1] : [stop, stop];
  return closingOfQ(text, from, stop);
}

const notBase64 = /[^A-Za-z0-9+/=\s]/g;
const notQuoted = /\?/g;

/** A Q word may hold a bare question mark by mistake; it still ends at `?=`, if that comes before the next word. */
function closingOfQ(text: string, from: number, firstMark: number): [number, number] {
  const limit = Math.min(text.length, firstMark + 200);
  const rest = text.slice(firstMark, limit);
  const close = rest.search(/\?=(?![0-9A-F]{2})/);
  const next = rest.indexOf('=?');
  if (close >= 0 && (next < 0 || close <= next)) return [firstMark + close, firstMark + close + 2];
  const blank = text.slice(from, Math.min(text.length, from + 2000)).search(/\s/);
  const end = blank < 0 ? Math.min(text.length, firstMark) : from + blank;
  return [end, end];
}

function readRun(words: readonly Word[], read: ReadText): string {
  const { charset, encoding } = words[0]!;
  if (encoding === 'q') {
    const bytes = words.map(({ text }) =>
      decodeQuotedPrintable(Buffer.from(text.replaceAll('_', ' '), 'latin1'), true),
    );
    return clean(read(Buffer.concat(bytes), charset));
  }
  // A quantum that is not full goes on in the next word: some mailers cut the base64 text, not the bytes.
  const pieces: string[] = [];
  for (const { text } of words) {
    const compact = text.replaceAll(/\s+/g, '');
    const last = pieces.at(-1);
    if (last !== undefined && last.length % 4 !== 0 && !last.endsWith('='))
      pieces[pieces.length - 1] = last + compact;
    else pieces.push(compact);
  }
  return clean(
    read(Buffer.concat(pieces.map((piece) => decodeBase64(Buffer.from(piece, 'latin1')))), charset),
  );
}

/** A header is one line, whatever its words hold. */
const clean = (text: string) => text.replaceAll(/[\r\n]+[ \t]*/g, ' ').replaceAll('\0', '');
