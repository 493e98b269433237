import { isAscii, isUtf8 } from 'node:buffer';
import { decodeBytes, utf8Damage } from './decode-bytes.ts';
import { candidates } from './charset-candidates.ts';
import type { Candidate } from './charset-candidates.ts';

/** How much of a mail is looked at: enough for a page, whatever is attached. */
const SAMPLE = 16 * 1024;

/**
 * The charset in which `samples`, the undeclared bytes of one mail (headers and bodies vote together), were most
 * likely written. Windows-1252 where nothing speaks for another.
 */
export function guessCharset(samples: readonly Buffer[]): string {
  const bytes = sampleOf(samples);
  const escaped = escapedCharset(bytes);
  if (escaped) return escaped;
  if (isAscii(bytes)) return 'us-ascii';
  if (samples.every((sample) => isUtf8(sample)) || utf8Damage(bytes) < 0.1) return 'utf-8';
  return bestOf(bytes).charset;
}

/** The most likely charset of `bytes`, and by how much it is likelier than `declared`. */
export function likelier(bytes: Buffer, declared: string): { charset: string; by: number } {
  const sample = sampleOf([bytes]);
  const best = bestOf(sample);
  const own = Math.max(
    ...candidates
      .filter(({ charset }) => charset === declared)
      .map((candidate) => scoreOf(sample, candidate)),
  );
  return { charset: best.charset, by: best.score - own };
}

function bestOf(bytes: Buffer): { charset: string; score: number } {
  let best = { charset: 'windows-1252', score: -Infinity };
  for (const candidate of candidates) {
    const score = scoreOf(bytes, candidate);
    if (score > best.score) best = { charset: candidate.charset, score };
  }
  return best;
}

/** The charset that seven-bit escape sequences announce, if any. */
export function escapedCharset(bytes: Buffer): string | undefined {
  if (bytes.includes('\x1b$)C')) return 'iso-2022-kr';
  if (bytes.includes('\x1b$)A') || bytes.includes('\x1b$)G')) return 'iso-2022-cn';
  if (bytes.includes('\x1b$B') || bytes.includes('\x1b$@') || bytes.includes('\x1b(I')) return 'iso-2022-jp';
  const open = bytes.indexOf('~{');
  if (open >= 0 && isAscii(bytes) && hzPattern.test(bytes.toString('latin1', open, open + 400))) return 'hz';
  return undefined;
}

const hzPattern = /^~\{(?:[!-w][!-~]){1,100}~\}/;

/** The lines that are more than ASCII, since the rest tells nothing. */
function sampleOf(samples: readonly Buffer[]): Buffer {
  const kept: Buffer[] = [];
  let size = 0;
  for (const sample of samples) {
    for (let from = 0; from < sample.length && size < SAMPLE;) {
      const lineEnd = sample.indexOf(0x0a, from);
      const next = Math.min(lineEnd < 0 ? sample.length : lineEnd + 1, from + SAMPLE);
      const line = sample.subarray(from, next);
      if (!isAscii(line) || line.includes(0x1b) || line.includes('~{')) {
        kept.push(line);
        size += line.length;
      }
      from = next;
    }
  }
  return Buffer.concat(kept);
}

function scoreOf(bytes: Buffer, { charset, weigh, prior }: Candidate): number {
  let sum = 0;
  let count = 0;
  let before = '';
  for (const character of decodeBytes(bytes, charset)) {
    if (character > '\x7f') {
      sum += character === '\uFFFD' ? -4 : weigh(character, before);
      count++;
    }
    before = character;
  }
  return count === 0 ? -Infinity : sum / count + prior;
}
