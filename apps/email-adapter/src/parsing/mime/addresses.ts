import type { Mailbox } from '../mail-payload.ts';

/** More recipients than any screen shows. */
const MAX_MAILBOXES = 2000;
/** Pieces between commas that are looked at. */
const MAX_PIECES = 5000;
/** The longest address there can be (RFC 5321, 4.5.3.1), and some. */
const MAX_ADDRESS = 998;

/**
 * Reads an address list whose characters are decoded but whose encoded words are not (they must not be taken for
 * syntax); `decode` then makes names of them. Groups are flattened; an unquoted comma within a name is forgiven.
 */
export function readAddresses(header: string, decode: (text: string) => string): Mailbox[] {
  const mailboxes: Mailbox[] = [];
  let carried = '';
  let pieces = 0;
  for (const item of splitAddresses(header)) {
    if (++pieces > MAX_PIECES) break;
    const text = carried + item.text;
    const mailbox = readMailbox(text, decode);
    // "Doe, John <j@example.org>" without quotes: a piece without an address belongs to the one after it.
    if (
      item.end === ',' &&
      mailbox &&
      mailbox.address === '' &&
      !text.includes('<') &&
      carried.length < 200
    ) {
      carried = `${text}, `;
      continue;
    }
    if (mailbox && (mailbox.address || mailbox.name)) mailboxes.push(mailbox);
    carried = '';
    if (mailboxes.length >= MAX_MAILBOXES) break;
  }
  const rest = carried && readMailbox(carried.replace(/, $/, ''), decode);
  if (rest) mailboxes.push(rest);
  return mailboxes;
}

interface Item {
  text: string;
  end: ',' | ';' | ':' | '';
}

/** Splits at commas and semicolons outside quotes, comments and angle brackets; a group's name is dropped. */
function* splitAddresses(header: string): Generator<Item> {
  // What is opened but never closed is an ordinary character.
  const lastOf = {
    quote: header.lastIndexOf('"'),
    bracket: header.lastIndexOf(')'),
    angle: header.lastIndexOf('>'),
  };
  let from = 0;
  let comment = 0;
  let quoted = false;
  let angle = false;
  for (let i = 0; i < header.length; i++) {
    const character = header[i]!;
    if (character === '\\') i++;
    else if (quoted) quoted = character !== '"';
    else if (character === '"') quoted = i < lastOf.quote;
    else if (character === '(' && !angle) comment += i < lastOf.bracket ? 1 : 0;
    else if (character === ')' && comment > 0) comment--;
    else if (comment > 0) continue;
    else if (character === '<') angle = i < lastOf.angle;
    else if (character === '>') angle = false;
    else if (angle) continue;
    else if (character === ',' || character === ';') {
      yield { text: header.slice(from, i), end: character };
      from = i + 1;
    } else if (character === ':' && isGroupName(header.slice(Math.max(from, i - 200), i), header[i + 1])) {
      from = i + 1;
    }
  }
  yield { text: header.slice(from), end: '' };
}

const isGroupName = (name: string, next: string | undefined) => !/[@=]|mailto$/i.test(name) && next !== '/';

function readMailbox(text: string, decode: (text: string) => string): Mailbox | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const close = trimmed.lastIndexOf('>');
  const open = trimmed.lastIndexOf('<', close < 0 ? trimmed.length : close);
  if (open >= 0 && (close > open || close < 0)) {
    const inside = trimmed.slice(open + 1, close < 0 ? undefined : close);
    const before = nameOf(trimmed.slice(0, open), decode);
    const after = close < 0 ? '' : nameOf(trimmed.slice(close + 1), decode);
    const address = cleanAddress(decode(inside));
    if (address === '' && inside.trim() !== '' && before === '')
      return { name: nameOf(inside, decode), address: '' };
    return { name: before || after, address };
  }
  return bareMailbox(trimmed, decode);
}

/** `a@b`, `a@b (Name)`, `Name a@b`, or a name alone. */
function bareMailbox(text: string, decode: (text: string) => string): Mailbox {
  const { rest, comment } = takeComment(text);
  if (!/\s/.test(rest) && !rest.includes('=?')) {
    return rest.includes('@')
      ? { name: nameOf(comment, decode), address: cleanAddress(rest) }
      : { name: nameOf(rest || comment, decode), address: '' };
  }
  const decoded = decode(rest);
  const found =
    decoded.length <= 2000
      ? /(?:^|[\s"'<[(:])([^\s"'<>()[\],;:@]{1,128}@[^\s"'<>()[\],;:@]{1,255})/.exec(decoded)
      : null;
  if (!found) {
    return quotedLocalPart.test(rest)
      ? { name: nameOf(comment, decode), address: rest }
      : { name: nameOf(rest, decode), address: '' };
  }
  const name = decoded.replace(found[1]!, ' ');
  return { name: nameOf(name, decode) || nameOf(comment, decode), address: cleanAddress(found[1]!) };
}

const quotedLocalPart = /^"[^"]{1,64}"@[^\s@]{1,255}$/;

function takeComment(text: string): { rest: string; comment: string } {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return { rest: text, comment: '' };
  return {
    rest: `${text.slice(0, open)} ${text.slice(close + 1)}`.trim(),
    comment: text.slice(open + 1, close),
  };
}

/** A display name without quotes, escapes and surplus blanks; a name in comment form without its brackets. */
export function nameOf(text: string, decode: (text: string) => string): string {
  let name = decode(text.trim())
    .replaceAll(/[\s\0]+/g, ' ')
    .trim();
  for (let i = 0; i < 3 && name.length > 1; i++) {
    const [first, last] = [name[0]!, name.at(-1)!];
    if (
      (first === '"' && last === '"') ||
      (first === "'" && last === "'") ||
      (first === '(' && last === ')')
    ) {
      name = name.slice(1, -1).trim();
    } else break;
  }
  return name.replaceAll(/\\(.)/g, '$1').replaceAll('"', '').trim();
}

function cleanAddress(text: string): string {
  const address = text
    .replaceAll(/[\0\r\n]|\([^()]{0,200}\)/g, '')
    .trim()
    .replace(/^(?:mailto|smtp):/i, '')
    .replace(/^@[^:]{1,500}:/, '')
    .replaceAll(/^[<'"\s]+|[>'\s]+$/g, '');
  return address.length > MAX_ADDRESS ? '' : address.includes('"') ? address : address.replaceAll(/\s+/g, '');
}
