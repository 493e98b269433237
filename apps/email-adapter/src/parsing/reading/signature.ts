import { mobileSignatures } from './quote-words.ts';
import type { Role } from './split-text.ts';

/** Written lines below a delimiter of each kind, beyond which it is no delimiter. */
const BELOW = { standard: 60, dashes: 12, footer: 12, rule: 5 };
/** Lines of phones and clients that stand below each other at most. */
const MAX_MOBILE = 30;

/** The line from which new words are a signature, or -1. */
export function signatureFrom(lines: readonly string[], roles: readonly Role[], from: string): number {
  const written = lines.map((_, i) => i).filter((i) => roles[i] === 'new' && lines[i]!.trim() !== '');
  if (written.length === 0) return -1;
  const delimiter = delimiterBefore(lines, roles, written.at(-1)!);
  const above = written.filter((i) => delimiter < 0 || i < delimiter);
  return clientLinesFrom(lines, above, from) ?? delimiter;
}

/** Where the lines begin that a phone or a mail client added below what was written, links and rules among them. */
function clientLinesFrom(
  lines: readonly string[],
  written: readonly number[],
  from: string,
): number | undefined {
  let start: number | undefined;
  for (const at of written.slice(-MAX_MOBILE).toReversed()) {
    const line = lines[at]!.trim();
    if (isMobile(line) || isOwnAddress(line, from)) start = at;
    else if (isRule(line)) {
      if (start !== undefined || at === written.at(-1)) start = at;
    } else if (!isLink(line)) break;
  }
  return start;
}

function delimiterBefore(lines: readonly string[], roles: readonly Role[], last: number): number {
  for (let i = last, below = 0; i >= 0 && below <= BELOW.standard; i--) {
    const line = lines[i]!;
    if (line.trim() === '') continue;
    if (roles[i] !== 'new') return -1;
    if (
      isDelimiter(line, below, () =>
        lines
          .slice(i, last + 1)
          .join('\n')
          .slice(0, 4000),
      )
    )
      return i;
    below++;
  }
  return -1;
}

/** `-- ` (RFC 3676, section 4.3), and what its relatives have become on the way. */
function isDelimiter(line: string, below: number, rest: () => string): boolean {
  if (/^--[ \u00a0]$/.test(line)) return true;
  if (below === 0) return false;
  if (/^(?:--|—|–-|――)\s*$/.test(line)) return below <= BELOW.dashes;
  if (/^(?:_{2,}|[—–]{3,})\s*$/.test(line)) {
    return below <= BELOW.rule || (below <= BELOW.footer && /https?:\/\/|@/.test(rest()));
  }
  return false;
}

const isMobile = (line: string) =>
  line.length <= 160 && mobileSignatures.some((pattern) => pattern.test(undressed(line)));

/** The words of a line without what clients dress it with. */
const undressed = (line: string) =>
  line
    .replaceAll(/<https?:\/\/[^>]{1,300}>?/g, '')
    .replaceAll(/\[([^\]]{1,60})\]\(https?:\/\/[^)]{1,300}\)/g, '$1')
    .replace(/^[\s*_\-—–|<([【「~]+/, '')
    .replace(/[\s*_\-—–|>)\]】」~]+$/, '');

const isOwnAddress = (line: string, from: string) =>
  from !== '' && line.toLowerCase().replaceAll(/^[<(]|[>)]$/g, '') === from.toLowerCase();

const isLink = (line: string) => /^[<(]?https?:\/\/\S{1,300}$/.test(line);
/** A line that is drawn, or the mark that trackers of opened mails leave. */
const isRule = (line: string) => /^(?:[-_—|*=~#+]{2,80}|\u1427)$/.test(line);
