import { isAscii } from 'node:buffer';
import { charsetOf } from './charset-names.ts';
import { decodeBytes, isRealUtf8, utf8Damage } from './decode-bytes.ts';
import { runs } from './charset-candidates.ts';
import { escapedCharset, guessCharset, likelier } from './guess-charset.ts';

/** Says which charset the mail's undeclared bytes are in; asked only where it is needed. */
export type CharsetVote = () => string;

/** Charsets that programs declare out of habit, whatever they send. */
export const habitual: ReadonlySet<string> = new Set(['us-ascii', 'windows-1252']);
const multibyte = new Set(['gb18030', 'big5-hkscs', 'cp932', 'euc-jp', 'cp949']);
const doubted = new Set([...multibyte, 'windows-1252']);

/** Reads bytes whose charset is declared as `label` ('' for undeclared), believing it as far as the bytes bear out. */
export function readText(bytes: Buffer, label: string, vote: CharsetVote): string {
  const text = decodeBytes(bytes, chooseCharset(bytes, label, vote));
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** The charset to read `bytes` in. */
export function chooseCharset(bytes: Buffer, label: string, vote: CharsetVote): string {
  const declared = charsetOf(label);
  if (isAscii(bytes)) {
    const escaped =
      habitual.has(declared ?? 'us-ascii') || declared === 'utf-8' ? escapedCharset(bytes) : undefined;
    return escaped ?? declared ?? 'us-ascii';
  }
  const fits = isRealUtf8(bytes);
  if (declared === undefined || declared === 'us-ascii') return fits ? 'utf-8' : voted(bytes, vote);
  if (declared === 'utf-8') return fits || utf8Damage(bytes) < 0.3 ? 'utf-8' : voted(bytes, vote);
  if (fits && (!multibyte.has(declared) || isSurelyUtf8(bytes))) return 'utf-8';
  if (declared === 'utf-7' || declared === 'hz' || declared === 'iso-2022-kr') return voted(bytes, vote);
  return doubted.has(declared) ? corrected(bytes, declared) : declared;
}

/** Eight-bit bytes that are enough to doubt what is declared: many, or a few in another script than Latin. */
const MANY = 12;
const FEW = 8;
/** How much likelier another charset must be than the declared one. */
const CLEARLY = 0.6;

function corrected(bytes: Buffer, declared: string): string {
  const count = eightBit(bytes.subarray(0, 65_536));
  if (count < FEW) return declared;
  const { charset, by } = likelier(bytes, declared);
  return by > CLEARLY && (count >= MANY || (declared === 'windows-1252' && runs.has(charset)))
    ? charset
    : declared;
}

/** The mail's common charset, unless these bytes are clearly none of it. */
function voted(bytes: Buffer, vote: CharsetVote): string {
  const common = vote();
  if (common === 'us-ascii' || common === 'utf-8') {
    return utf8Damage(bytes) < 0.3 ? 'utf-8' : guessCharset([bytes]);
  }
  return isDamaged(bytes, common) ? guessCharset([bytes]) : common;
}

const damageOf = (bytes: Buffer, charset: string) => {
  const text = decodeBytes(bytes.subarray(0, 65_536), charset);
  let bad = 0;
  for (const character of text) if (character === '\uFFFD') bad++;
  return bad / Math.max(1, text.length);
};
const isDamaged = (bytes: Buffer, charset: string) => damageOf(bytes, charset) > 0.02;

function eightBit(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte >= 0x80) count++;
  return count;
}

/** Text in two-byte charsets happens to be UTF-8 only where it is short and all its sequences are of two bytes. */
function isSurelyUtf8(bytes: Buffer): boolean {
  let sequences = 0;
  for (const byte of bytes) {
    if (byte >= 0xe0) return true;
    if (byte >= 0xc0) sequences++;
  }
  return sequences >= 5;
}
