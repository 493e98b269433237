import { isAscii } from 'node:buffer';
import { charsetOf } from './charset-names.ts';
import { decodeBytes, isRealUtf8, utf8Damage } from './decode-bytes.ts';
import { escapedCharset, guessCharset } from './guess-charset.ts';

/** Says which charset the mail's undeclared bytes are in; asked only where it is needed. */
export type CharsetVote = () => string;

/** Charsets that programs declare out of habit, whatever they send. */
const habitual = new Set(['us-ascii', 'windows-1252']);
const multibyte = new Set(['gb18030', 'big5-hkscs', 'cp932', 'euc-jp', 'cp949']);
const asian = new Set([...multibyte, 'iso-2022-jp']);

/** Reads bytes whose charset is declared as `label` ('' for undeclared), believing it as far as the bytes bear out. */
export function readText(bytes: Buffer, label: string, vote: CharsetVote): string {
  const text = decodeBytes(bytes, chooseCharset(bytes, label, vote));
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function chooseCharset(bytes: Buffer, label: string, vote: CharsetVote): string {
  const declared = charsetOf(label);
  if (isAscii(bytes)) {
    const escaped =
      habitual.has(declared ?? 'us-ascii') || declared === 'utf-8' ? escapedCharset(bytes) : undefined;
    return escaped ?? declared ?? 'us-ascii';
  }
  const fits = isRealUtf8(bytes);
  if (declared === undefined || declared === 'us-ascii') return fits ? 'utf-8' : voted(bytes, vote);
  if (declared === 'utf-8') return fits || utf8Damage(bytes) < 0.3 ? 'utf-8' : voted(bytes, vote);
  if (fits && (!multibyte.has(declared) || hasThreeByteCharacters(bytes))) return 'utf-8';
  if (declared === 'utf-7' || declared === 'hz' || declared === 'iso-2022-kr') return voted(bytes, vote);
  if (declared === 'windows-1252') return asianInDisguise(bytes) ?? declared;
  if (multibyte.has(declared) && isDamaged(bytes, declared)) return betterThan(bytes, declared);
  return declared;
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
  const text = decodeBytes(bytes, charset);
  let bad = 0;
  for (const character of text) if (character === '\uFFFD') bad++;
  return bad / Math.max(1, text.length);
};
const isDamaged = (bytes: Buffer, charset: string) => damageOf(bytes, charset) > 0.02;

function betterThan(bytes: Buffer, declared: string): string {
  const guess = guessCharset([bytes]);
  return damageOf(bytes, guess) < damageOf(bytes, declared) / 2 ? guess : declared;
}

/** Text of an Asian language that was declared as Latin: hardly a run of eight-bit bytes is of odd length. */
function asianInDisguise(bytes: Buffer): string | undefined {
  let high = 0;
  let lone = 0;
  for (let i = 0; i < bytes.length && i < 65_536; i++) {
    if (bytes[i]! < 0x80) continue;
    high++;
    if ((bytes[i - 1] ?? 0) < 0x80 && (bytes[i + 1] ?? 0) < 0x80) lone++;
  }
  if (high < 8 || lone / high > 0.15) return undefined;
  const guess = guessCharset([bytes]);
  return asian.has(guess) ? guess : undefined;
}

function hasThreeByteCharacters(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte >= 0xe0) return true;
  return false;
}
