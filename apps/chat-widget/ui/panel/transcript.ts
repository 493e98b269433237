import type { VisitorLine } from '@yixian/contracts/visitor-socket';

/**
 * Lines held, joined with lines that came: in order, each once. Lines that start beyond a hole replace what is held
 * when `fresh` (they are the server's newest); otherwise `hole` says from where to ask again and nothing changes.
 */
export function join(
  held: VisitorLine[],
  came: VisitorLine[],
  fresh = false,
): { lines: VisitorLine[]; hole?: number } {
  const first = came[0];
  const last = lastOf(held);
  if (!first) return { lines: held };
  if (first.position > last + 1 && (held.length > 0 || !fresh)) {
    return fresh ? { lines: came } : { lines: held, hole: last };
  }
  const known = new Map([...held, ...came].map((line) => [line.position, line]));
  return { lines: [...known.values()].sort((a, b) => a.position - b.position) };
}

export const lastOf = (lines: VisitorLine[]): number => lines[lines.length - 1]?.position ?? 0;

/** How many lines from our side the visitor has not seen. */
export const unreadIn = (lines: VisitorLine[], read: number): number =>
  lines.filter((line) => line.position > read && line.from !== 'visitor').length;
