import { SaxesParser } from 'saxes';
import { CallbackRefused } from './callback-refused.ts';
import type { Field, Fields } from './fields.ts';

/** Tencent's deepest push has five levels and some thirty elements. */
const DEEPEST = 12;
const MOST = 1000;

/** A whole number, or a string to be stepped over. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?![\d.eE])/g;
/** Above this a JSON number may not be what was written: MsgId has 64 bits. */
const SAFE_DIGITS = 15;

/** The fields of a push, written in XML or JSON. Throws {@link CallbackRefused}: `not_utf8` or `malformed`. */
export function fromBody(bytes: Uint8Array): Fields {
  const text = textOf(bytes).trim();
  if (text.startsWith('<')) return fromXml(text);
  if (text.startsWith('{')) return fromJson(text);
  throw new CallbackRefused('malformed');
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CallbackRefused('not_utf8');
  }
}

/** JSON in which whole numbers too large for a double are kept as the text they were. Throws `SyntaxError`. */
export function parseExactly(text: string): unknown {
  return JSON.parse(
    text.replace(TOKENS, (token) =>
      token.startsWith('"') || token.replace('-', '').length <= SAFE_DIGITS ? token : `"${token}"`,
    ),
  ) as unknown;
}

function fromJson(text: string): Fields {
  let parsed: unknown;
  try {
    parsed = parseExactly(text);
  } catch {
    throw new CallbackRefused('malformed');
  }
  return fieldOf(parsed, 1) as Fields;
}

/** A value of JSON as a field: numbers as the text they were. */
export function fieldOf(value: unknown, depth: number): Field {
  if (depth > DEEPEST) throw new CallbackRefused('malformed');
  if (Array.isArray(value)) return value.map((one) => fieldOf(one, depth + 1));
  if (typeof value !== 'object' || value === null) return value === null ? '' : String(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fieldOf(one, depth + 1)]));
}

interface Open {
  name: string;
  text: string;
  children: [string, Field][];
}

/**
 * The children of the root. A document type, and with it every entity that XML does not name itself, is refused:
 * pushes have none, and entity bombs need one.
 */
export function fromXml(text: string): Fields {
  const root: Open = { name: '', text: '', children: [] };
  const open = [root];
  let seen = 0;
  const refuse = () => {
    throw new CallbackRefused('malformed');
  };
  const parser = new SaxesParser();
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('processinginstruction', refuse);
  parser.on('opentag', ({ name }) => {
    if (++seen > MOST || open.length > DEEPEST) refuse();
    open.push({ name, text: '', children: [] });
  });
  const add = (piece: string) => void (open.at(-1)!.text += piece);
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    const closed = open.pop()!;
    open.at(-1)!.children.push([closed.name, closedField(closed)]);
  });
  parser.write(text).close();
  const [document] = root.children;
  return typeof document?.[1] === 'object' ? (document[1] as Fields) : {};
}

function closedField({ text, children }: Open): Field {
  if (children.length === 0) return text;
  const named = new Map<string, Field>();
  for (const [name, field] of children) {
    const before = named.get(name);
    named.set(name, before === undefined ? field : [...(Array.isArray(before) ? before : [before]), field]);
  }
  return Object.fromEntries(named);
}
