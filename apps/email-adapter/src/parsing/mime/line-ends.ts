const CR = 0x0d;
const LF = 0x0a;

/** As much of the mail as tells which line ends it has. */
const HEAD = 64 * 1024;
const headerAfterLoneCr = /\r(?!\n)[A-Za-z][A-Za-z-]{1,40}:[ \t]/;

/**
 * The mail with line ends that can be split at LF: mails of old Macs and of some gateways end lines with CR alone,
 * and UTF-16 files come in from disks. Every other mail comes back as it is.
 */
export function withLineFeeds(raw: Buffer): Buffer {
  const bytes = fromUtf16(raw);
  const head = bytes.subarray(0, HEAD);
  if (!head.includes(CR)) return bytes;
  const onlyCr = !head.includes(LF);
  if (!onlyCr && !headerAfterLoneCr.test(head.toString('latin1'))) return bytes;
  const out = Buffer.from(bytes);
  for (let i = out.indexOf(CR); i >= 0; i = out.indexOf(CR, i + 1)) if (out[i + 1] !== LF) out[i] = LF;
  return out;
}

function fromUtf16(raw: Buffer): Buffer {
  if (raw[0] === 0xff && raw[1] === 0xfe) return Buffer.from(raw.toString('utf16le', 2));
  if (raw[0] === 0xfe && raw[1] === 0xff && raw.length % 2 === 0) {
    return Buffer.from(Buffer.from(raw.subarray(2)).swap16().toString('utf16le'));
  }
  return raw;
}

/** A line from `from` to `to`, its end not included; the next line begins at `next`. */
export interface Line {
  from: number;
  to: number;
  next: number;
}

/** The line that begins at `from`. CR LF, LF, and CR CR LF (a gateway's damage) all end it. */
export function lineAt(bytes: Buffer, from: number, end: number): Line {
  const lf = bytes.indexOf(LF, from);
  if (lf < 0 || lf >= end) return { from, to: trimCr(bytes, from, end), next: end };
  return { from, to: trimCr(bytes, from, lf), next: lf + 1 };
}

function trimCr(bytes: Buffer, from: number, to: number): number {
  let at = to;
  while (at > from && bytes[at - 1] === CR) at--;
  return at;
}
