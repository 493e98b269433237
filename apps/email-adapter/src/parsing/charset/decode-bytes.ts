import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeHz, decodeIso2022Jp, decodeShiftOut } from './stateful-charsets.ts';

/** Decodes with a charset named by `charsetOf`. What is no character of it becomes U+FFFD. */
export function decodeBytes(bytes: Buffer, charset: string): string {
  switch (charset) {
    case 'utf-8':
      return bytes.toString('utf8');
    case 'us-ascii':
      return iconv.decode(bytes, 'windows-1252');
    case 'hz':
      return decodeHz(bytes);
    case 'iso-2022-kr':
      return decodeShiftOut(bytes, 'cp949');
    case 'iso-2022-cn':
      return decodeShiftOut(bytes, 'gb18030');
    case 'iso-2022-jp':
      return decodeIso2022Jp(bytes);
    default:
      // iconv-lite, never TextDecoder: Node 20 reads 0x80 to 0x9F of windows-1252 as control characters.
      return iconv.decode(bytes, charset, { stripBOM: true });
  }
}

/** Whether `bytes` is UTF-8 and something in it is more than ASCII. */
export const isRealUtf8 = (bytes: Buffer): boolean => isUtf8(bytes) && !isAscii(bytes);

/** How much of a text is looked at. */
const SAMPLE = 256 * 1024;

/** The share of characters beyond ASCII that are damaged when read as UTF-8; one that is cut at the end does not count. */
export function utf8Damage(whole: Buffer): number {
  const bytes = whole.subarray(0, SAMPLE);
  const text = bytes.toString('utf8', 0, endOfCharacters(bytes));
  let good = 0;
  let bad = 0;
  for (const character of text) {
    if (character === '\uFFFD') bad++;
    else if (character > '\x7f') good++;
  }
  return good + bad === 0 ? 0 : bad / (good + bad);
}

/** Where the last whole character ends: what is shortened to so many bytes is often cut within one. */
function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return wanted > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
