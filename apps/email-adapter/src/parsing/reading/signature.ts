import { mobileSignatures } from './quote-words.ts';
import type { Role } from './split-text.ts';

/** A signature below `--` without its blank is believed up to so many lines. */
const SHORT = 12;
const LONG = 60;

/** The line from which new words are a signature, or -1. */
export function signatureFrom(lines: readonly string[], roles: readonly Role[], from: string): number {
  const written = lines.map((_, i) => i).filter((i) => roles[i] === 'new' && lines[i]!.trim() !== '');
  const last = written.at(-1);
  if (last === undefined) return -1;
  const delimiter = delimiterBefore(lines, roles, last);
  let start = delimiter;
  // A phone's line may stand above the delimiter or be all there is.
  const above = written.filter((i) => start < 0 || i < start);
  for (let index = above.length - 1, tries = 0; index >= 0 && tries < 3; index--, tries++) {
    const at = above[index]!;
    const line = lines[at]!.trim();
    if (isMobile(line) || isOwnAddress(line, from)) start = at;
    else if (!/^[<(]?https?:\/\/\S{1,300}$/.test(line) && !/^[-_—|*]{1,40}$/.test(line)) break;
    else if (tries === 0 && start < 0 && /^[-_—|*]{2,40}$/.test(line) && above.length > 1) continue;
  }
  return start;
}

function delimiterBefore(lines: readonly string[], roles: readonly Role[], last: number): number {
  for (let i = last, below = 0; i >= 0 && below <= LONG; i--) {
    if (roles[i] !== 'new') {
      if (lines[i]!.trim() !== '') return -1;
      continue;
    }
    const line = lines[i]!;
    if (line.trim() !== '') below++;
    if (/^--[ \u00a0]$/.test(line)) return i;
    if (/^(?:--|—|–-|――)\s*$/.test(line) && below <= SHORT && below > 1) return i;
    if (
      /^_{25,}\s*$/.test(line) &&
      below <= SHORT &&
      /https?:\/\/|@/.test(
        lines
          .slice(i, last + 1)
          .join('\n')
          .slice(0, 4000),
      )
    )
      return i;
  }
  return -1;
}

const isMobile = (line: string) =>
  line.length <= 160 && mobileSignatures.some((pattern) => pattern.test(unmarked(line)));

/** The words of a line without what clients dress it with. */
const unmarked = (line: string) =>
  line
    .replace(/^[\s*_\-—–|<([【「~]+/, '')
    .replace(/<https?:\/\/[^>]{1,300}>?/g, '')
    .replace(/[\s*_\-—–|>)\]】」~]+$/, '');

const isOwnAddress = (line: string, from: string) =>
  from !== '' && line.toLowerCase().replaceAll(/^[<(]|[>)]$/g, '') === from.toLowerCase();
