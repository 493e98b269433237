import iconv from 'iconv-lite';

const ESC = 0x1b;
const SO = 0x0e;
const SI = 0x0f;
const LF = 0x0a;

/** HZ (RFC 1843): `~{` opens GB 2312 in seven bits, `~}` closes it, `~~` is a tilde. */
export function decodeHz(bytes: Buffer): string {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  let chinese = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const next = bytes[i + 1] ?? 0;
    if (byte === 0x7e && (next === 0x7b || next === 0x7d)) {
      chinese = next === 0x7b;
      i++;
    } else if (byte === 0x7e && !chinese && (next === 0x7e || next === LF)) {
      if (next === 0x7e) out[length++] = 0x7e;
      i++;
    } else if (chinese && byte > 0x20 && byte < 0x7f && next > 0x20 && next < 0x7f) {
      out[length++] = byte | 0x80;
      out[length++] = next | 0x80;
      i++;
    } else {
      if (byte === LF) chinese = false;
      out[length++] = byte;
    }
  }
  return iconv.decode(out.subarray(0, length), 'gb18030');
}

/** ISO-2022-KR and -CN (RFC 1557, RFC 1922, its first plane): SO opens two-byte text, SI closes it. */
export function decodeShiftOut(bytes: Buffer, charset: 'cp949' | 'gb18030'): string {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  let shifted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === ESC && bytes[i + 1] === 0x24) i += 3;
    else if (byte === SO || byte === SI) shifted = byte === SO;
    else {
      if (byte === LF) shifted = false;
      out[length++] = shifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte;
    }
  }
  return iconv.decode(out.subarray(0, length), charset);
}

/**
 * ISO-2022-JP with what mailers put in beside: half-width katakana after SO or as raw eight-bit bytes, and escapes
 * that follow each other where encoded words were joined.
 */
export function decodeIso2022Jp(bytes: Buffer): string {
  const out: number[] = [];
  let eightBit = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const escape = byte === ESC ? escapeLength(bytes, i) : 0;
    if (byte === SO || byte === SI) continue;
    if (escape > 0 && bytes[i + escape] === ESC) {
      i += escape - 1;
      continue;
    }
    const kana = byte >= 0xa1 && byte <= 0xdf;
    if (kana !== eightBit) out.push(ESC, 0x28, kana ? 0x49 : 0x42);
    eightBit = kana;
    out.push(kana ? byte & 0x7f : byte);
  }
  return japanese.decode(Uint8Array.from(out));
}

function escapeLength(bytes: Buffer, at: number): number {
  const [first, second] = [bytes[at + 1], bytes[at + 2]];
  if (first === 0x24) return second === 0x28 ? 4 : 3;
  return first === 0x28 ? 3 : 0;
}

const japanese = new TextDecoder('iso-2022-jp');
