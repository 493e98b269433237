import { lineAt } from './line-ends.ts';

/** Base64 with whatever stands between: line ends, junk, padding in the middle, and text after the end. */
export function decodeBase64(bytes: Buffer): Buffer {
  const alphabet = onlyAlphabet(bytes.subarray(0, endOfBase64(bytes)));
  if (!alphabet.includes(EQUALS)) return Buffer.from(alphabet.toString('latin1'), 'base64');
  const pieces: Buffer[] = [];
  for (let from = 0; from < alphabet.length;) {
    const pad = alphabet.indexOf(EQUALS, from);
    const to = pad < 0 ? alphabet.length : pad;
    if (to > from) pieces.push(Buffer.from(alphabet.toString('latin1', from, to), 'base64'));
    from = to + 1;
  }
  return Buffer.concat(pieces);
}

const EQUALS = 0x3d;

/**
 * Where base64 ends: at its padding, if words follow that are none, such as the footer of a mailing list. Base64 that
 * follows its own padding was joined from pieces, and goes on.
 */
function endOfBase64(bytes: Buffer): number {
  const pad = bytes.indexOf(EQUALS);
  if (pad <= 0 || bytes[pad - 1] === 0x0a) return beforeFooter(bytes);
  let at = pad;
  while (bytes[at] === EQUALS) at++;
  const rest = bytes.toString('latin1', at, at + 400);
  const line = /[^\s][^\r\n]*/.exec(rest)?.[0].trimEnd() ?? '';
  return /^[ \t]+\S/.test(rest) || /[^A-Za-z0-9+/=]/.test(line) ? at : bytes.length;
}

/** Characters at the end in which a footer is looked for. */
const FOOTER = 4096;
/** A blank line after base64, then a blank between words, which base64 never has. */
const footer = /[A-Za-z0-9+/]\r*\n[ \t\r]*\n(?=[^]{0,200}?\S[ \t]+\S)/;

/** The same without padding: words that are none of base64, after a blank line. */
function beforeFooter(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - FOOTER);
  const found = footer.exec(bytes.toString('latin1', from));
  return found ? from + found.index + 1 : bytes.length;
}

const inAlphabet = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_') {
  inAlphabet[character.charCodeAt(0)] = 1;
}

function onlyAlphabet(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  // Without an iterator and without a branch: attachments have millions of bytes.
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    out[length] = byte;
    length += inAlphabet[byte]!;
  }
  return out.subarray(0, length);
}

const hex = (byte: number | undefined) => {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
};
const isBlank = (byte: number | undefined) => byte === 0x20 || byte === 0x09;

/** Quoted-printable; `=` before anything but two hexadecimal digits or a line end stays as it stands. */
export function decodeQuotedPrintable(bytes: Buffer, inHeader = false): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte !== EQUALS) {
      out[length++] = byte;
      continue;
    }
    const [high, low] = [hex(bytes[i + 1]), hex(bytes[i + 2])];
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low;
      i += 2;
      continue;
    }
    const next = inHeader ? -1 : softBreak(bytes, i + 1);
    if (next >= 0) i = next - 1;
    else out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** Where the line after a soft line break begins, or -1 where there is none. */
function softBreak(bytes: Buffer, from: number): number {
  let at = from;
  while (isBlank(bytes[at]) && at - from < 1000) at++;
  while (bytes[at] === 0x0d && bytes[at + 1] === 0x0d) at++;
  if (at >= bytes.length) return bytes.length;
  if (bytes[at] === 0x0a) return at + 1;
  if (bytes[at] === 0x0d) return bytes[at + 1] === 0x0a ? at + 2 : at + 1;
  return -1;
}

/** The body of one uuencoded file: the lines between `begin` and `end`. */
export function decodeUu(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const { from, to, next } = lineAt(bytes, at, bytes.length);
    at = next;
    const count = from < to ? (bytes[from]! - 0x20) & 0x3f : 0;
    for (let i = 0; i < count; i += 3) {
      const at4 = from + 1 + (i / 3) * 4;
      const six = (n: number) => ((at4 + n < to ? bytes[at4 + n]! : 0x20) - 0x20) & 0x3f;
      const three = (six(0) << 18) | (six(1) << 12) | (six(2) << 6) | six(3);
      for (let n = 0; n < 3 && i + n < count && length < out.length; n++)
        out[length++] = (three >> (16 - 8 * n)) & 0xff;
    }
  }
  return out.subarray(0, length);
}

/** Decodes a part's body by its Content-Transfer-Encoding. An unknown one is taken as it stands. */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  const name = encoding.toLowerCase().replaceAll(/[^a-z0-9-]/g, '');
  if (name.startsWith('base64') || name === 'b') return decodeBase64(bytes);
  if (name.startsWith('quoted-print') || name === 'q') return decodeQuotedPrintable(bytes);
  if (/^(x-)?uu(e|encode|encoded)?$/.test(name)) return decodeUu(withoutUuFrame(bytes));
  return bytes;
}

function withoutUuFrame(bytes: Buffer): Buffer {
  const begin = bytes.indexOf('begin ');
  const from = begin < 0 ? 0 : lineAt(bytes, begin, bytes.length).next;
  const end = bytes.lastIndexOf('\nend');
  return bytes.subarray(from, end < from ? bytes.length : end + 1);
}
