import type { MailLimits } from '../parsed-mail.ts';
import { readHeaderBlock } from './header-block.ts';
import { lineAt } from './line-ends.ts';
import { readParameters } from './parameters.ts';
import { headerOf, isMultipart, typeOf } from './part.ts';
import type { Part } from './part.ts';

/** A tree beyond the limits. */
export class TreeTooLarge extends Error {
  constructor(readonly code: 'too-deep' | 'too-many-parts') {
    super(code);
  }
}

export interface TreeOptions {
  limits: MailLimits;
  /** Told of each thing that is broken. */
  damage(what: string): void;
}

/** Reads a mail's tree of parts from `bytes`, whose line ends are those of `withLineFeeds`. */
export function readTree(bytes: Buffer, options: TreeOptions): Part {
  let parts = 0;
  const partIn = (region: Buffer, depth: number, ifNone: string): Part => {
    if (depth > options.limits.depth) throw new TreeTooLarge('too-deep');
    if (++parts > options.limits.parts) throw new TreeTooLarge('too-many-parts');
    const { headers, bodyFrom } = readHeaderBlock(region, options.limits.headerSize);
    const part = describe(headers, region.subarray(bodyFrom), ifNone);
    if (!isMultipart(part)) return part;
    const inner = part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    const regions = split(part, options);
    part.children = regions.map((child) => partIn(child, depth + 1, inner));
    if (regions.length === 0) asOnePart(part);
    return part;
  };
  return partIn(bytes, 0, 'text/plain');
}

/** Structure is ASCII: names and texts are read later, when the mail's charset is known. */
const asBytes = (bytes: Buffer) => bytes.toString('latin1');

function describe(headers: Part['headers'], body: Buffer, ifNone: string): Part {
  const type = readParameters(headerOf({ headers }, 'content-type') ?? '', asBytes);
  const disposition = readParameters(headerOf({ headers }, 'content-disposition') ?? '', asBytes);
  const contentId = headerOf({ headers }, 'content-id');
  return {
    headers,
    type: typeOf(type, ifNone),
    typeParameters: type.parameters,
    disposition: disposition.value,
    contentId: contentId ? contentId.replaceAll(/^[<\s]+|[>\s]+$/g, '') || null : null,
    encoding: (headerOf({ headers }, 'content-transfer-encoding') ?? '').trim(),
    body,
    children: [],
  };
}

function split(part: Part, { limits, damage }: TreeOptions): Buffer[] {
  const declared = part.typeParameters.get('boundary')?.trimEnd();
  if (declared) {
    const found = regionsOf(part.body, declared, limits.parts);
    if (found.regions.length > 0) {
      if (!found.closed) damage('A multipart has no last boundary.');
      return found.regions;
    }
  }
  const guess = guessBoundary(part.body);
  damage(guess ? 'A multipart has another boundary than it says.' : 'A multipart has no boundary.');
  return guess === undefined ? [] : regionsOf(part.body, guess, limits.parts).regions;
}

/** The stretches between lines `--boundary`. What follows `--boundary--` counts only if more such lines come. */
function regionsOf(body: Buffer, boundary: string, max: number) {
  const marker = Buffer.from(`--${boundary}`, /[^\0-\xff]/.test(boundary) ? 'utf8' : 'latin1');
  const regions: Buffer[] = [];
  let open: number | undefined;
  let closed = false;
  for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at + 1)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue;
    const line = lineAt(body, at, body.length);
    const rest = body
      .toString('latin1', at + marker.length, Math.min(line.to, at + marker.length + 100))
      .trim();
    if (rest !== '' && rest !== '--') continue;
    if (open !== undefined) regions.push(body.subarray(open, beforeLineEnd(body, open, at)));
    if (regions.length > max) throw new TreeTooLarge('too-many-parts');
    closed = rest === '--';
    open = closed ? undefined : line.next;
    at = Math.max(at, line.next - 2);
  }
  if (open !== undefined && open < body.length) regions.push(body.subarray(open));
  return { regions, closed };
}

/** The line end before a boundary belongs to the boundary (RFC 2046, section 5.1.1). */
function beforeLineEnd(bytes: Buffer, from: number, at: number): number {
  let to = at;
  if (to > from && bytes[to - 1] === 0x0a) to--;
  if (to > from && bytes[to - 1] === 0x0d) to--;
  return to;
}

/** A line `--something` that is followed at once by a part's header, as a boundary is. */
function guessBoundary(bytes: Buffer): string | undefined {
  const end = Math.min(bytes.length, 100_000);
  for (let at = 0; at < end;) {
    const line = lineAt(bytes, at, end);
    const text = bytes.toString('latin1', line.from, Math.min(line.to, line.from + 200)).trimEnd();
    if (/^--[^\s-]|^----*[^\s-]/.test(text) && text.length < 200 && !text.slice(2).includes(' ')) {
      const after = bytes.toString('latin1', line.next, Math.min(end, line.next + 200));
      if (/^content-[a-z-]+:/i.test(after)) return text.slice(2);
    }
    at = line.next;
  }
  return undefined;
}

/** A multipart that holds no parts is read as the text it is. */
function asOnePart(part: Part): void {
  part.type = /<html|<body|<div|<p>/i.test(part.body.toString('latin1', 0, 4096))
    ? 'text/html'
    : 'text/plain';
}
