import { FORWARD_MARK, QUOTE_MARK } from './html-lines.ts';
import { attributionAt, forwardAt, headerBlockAt, isQuotedLine, separatorAt } from './quote-starts.ts';
import { signatureFrom } from './signature.ts';

export interface SplitOptions {
  /** The subject, which tells a forward from a reply where the client marks both alike. */
  subject?: string;
  /** The author's own address: alone on the last line it is a signature. */
  from?: string;
}

/** A text in two: both together hold every line of it. */
export interface SplitText {
  visible: string;
  quoted: string;
  /** Whether another mail was found in it, and passed on rather than answered. */
  forward: boolean;
}

const forwardSubject =
  /^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|fw|forward|wg|tr|rv|enc|i|doorst|vs|vb|vl|pd|vidareb|转发|轉寄|轉發|转寄|転送|전달|пересл|iletilen|ilt|továbbítás|prosl|πρθ|bls|trs)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]/i;

export const isForwardSubject = (subject: string) => forwardSubject.test(subject.slice(0, 100));

/** Lines of a text that are looked at for quotes; what is beyond is the end of a very long quote. */
const MAX_LINES = 50_000;

/** Splits what a mail says anew from what it repeats. */
export function splitText(
  lines: readonly string[],
  { subject = '', from = '' }: SplitOptions = {},
): SplitText {
  const roles = rolesOf(lines, isForwardSubject(subject));
  const signature = signatureFrom(lines, roles, from);
  if (signature >= 0)
    for (let i = signature; i < lines.length; i++) if (roles.at(i) === 'new') roles[i] = 'signature';
  const visible = pick(lines, roles, (role) => role === 'new' || role === 'forwarded');
  const forward = roles.includes('forwarded');
  if (visible !== '')
    return {
      visible,
      quoted: pick(lines, roles, (role) => role !== 'new' && role !== 'forwarded'),
      forward,
    };
  return withoutNews(lines, roles, forward);
}

/**
 * Nothing is left to show. A signature alone is then what the mail says; so is a quote that is not marked line by
 * line, since an answer may stand below or within it.
 */
function withoutNews(lines: readonly string[], roles: Role[], forward: boolean): SplitText {
  const signature = pick(lines, roles, (role) => role === 'signature');
  if (signature !== '')
    return { visible: signature, quoted: pick(lines, roles, (role) => role !== 'signature'), forward };
  const marked = lines.every((line, i) => roles[i] !== 'quoted' || isQuotedLine(line) || line.trim() === '');
  const all = pick(lines, roles, () => true);
  return marked ? { visible: '', quoted: all, forward } : { visible: all, quoted: '', forward };
}

/** What a line is. */
export type Role = 'new' | 'quoted' | 'attribution' | 'forwarded' | 'signature' | 'mark';

function rolesOf(lines: readonly string[], forwardExpected: boolean): Role[] {
  const roles: Role[] = [];
  const end = Math.min(lines.length, MAX_LINES);
  const set = (to: number, role: Role) => {
    for (let i = roles.length; i < to; i++) roles.push(isMark(lines[i]!) ? 'mark' : role);
  };
  const hasNews = () => roles.some((role, i) => role === 'new' && lines[i]!.trim() !== '');
  for (let at = 0; at < end; at = roles.length) {
    const line = lines[at]!;
    if (isQuotedLine(line)) {
      set(at + 1, 'quoted');
      continue;
    }
    if (line.trim() === '') {
      set(at + 1, 'new');
      continue;
    }
    const forward = line === FORWARD_MARK ? at + 1 : forwardAt(lines, at);
    if (forward !== undefined) {
      // A forward within a reply that quotes below its header is still a forward: everything stays in sight.
      set(lines.length, 'forwarded');
      break;
    }
    const attribution = attributionAt(lines, at);
    if (attribution !== undefined) {
      const next = nextWritten(lines, attribution);
      set(attribution, 'attribution');
      if (next !== undefined && !isQuotedLine(lines[next]!)) set(lines.length, 'quoted');
      continue;
    }
    if (line === QUOTE_MARK && isFollowedByQuotes(lines, at)) {
      set(at + 1, 'quoted');
      continue;
    }
    const separator = line === QUOTE_MARK ? at + 1 : (separatorAt(lines, at) ?? headerBlockAt(lines, at));
    if (separator !== undefined) {
      set(
        lines.length,
        forwardExpected && (isMark(line) ? headerSoon(lines, at + 1) : true) ? 'forwarded' : 'quoted',
      );
      break;
    }
    set(at + 1, 'new');
  }
  set(lines.length, hasNews() ? 'quoted' : 'new');
  return roles;
}

const isMark = (line: string) => line === QUOTE_MARK || line === FORWARD_MARK;

function nextWritten(lines: readonly string[], from: number): number | undefined {
  for (let i = from; i < lines.length; i++) if (lines[i]!.trim() !== '' && !isMark(lines[i]!)) return i;
  return undefined;
}

/** A client's mark around an attribution and lines that are quoted one by one needs no cut of its own. */
function isFollowedByQuotes(lines: readonly string[], at: number): boolean {
  const next = nextWritten(lines, at + 1);
  if (next === undefined) return true;
  if (isQuotedLine(lines[next]!)) return true;
  const end = attributionAt(lines, next);
  const after = end === undefined ? undefined : nextWritten(lines, end);
  return after !== undefined && isQuotedLine(lines[after]!);
}

function headerSoon(lines: readonly string[], from: number): boolean {
  for (let i = from; i < Math.min(lines.length, from + 6); i++) {
    if (headerBlockAt(lines, i) !== undefined || separatorAt(lines, i) !== undefined) return true;
  }
  return false;
}

function pick(lines: readonly string[], roles: readonly Role[], wanted: (role: Role) => boolean): string {
  const out: string[] = [];
  let skipped = false;
  for (let i = 0; i < lines.length; i++) {
    const role = roles[i]!;
    if (role === 'mark') continue;
    const line = lines[i]!;
    if (!wanted(role)) {
      skipped ||= line.trim() !== '';
      continue;
    }
    // What stood apart stays apart, by one blank line.
    if (skipped && line.trim() === '') continue;
    if (skipped && out.length > 0) {
      while (out.at(-1)?.trim() === '') out.pop();
      out.push('');
    }
    skipped = false;
    out.push(line);
  }
  return out
    .join('\n')
    .replaceAll(/\n(?:[ \t]*\n){3,}/g, '\n\n\n')
    .replace(/^(?:[ \t\u3000]*\n)+/, '')
    .trimEnd();
}
