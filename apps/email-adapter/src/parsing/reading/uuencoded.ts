import { decodeUu } from '../mime/transfer-encoding.ts';

export interface UuFile {
  name: string;
  content: Buffer;
}

const begin = /^begin [0-7]{3,4} (\S.{0,254})$/;

/** Takes uuencoded files out of a text, and leaves the rest as it stands. A file without its `end` is text. */
export function takeUuencoded(text: string): { text: string; files: UuFile[] } {
  if (!text.includes('begin ')) return { text, files: [] };
  const lines = text.split('\n');
  const kept: string[] = [];
  const files: UuFile[] = [];
  for (let i = 0; i < lines.length; i++) {
    const name = begin.exec(lines[i]!)?.[1];
    const end = name === undefined ? -1 : endOf(lines, i + 1);
    if (end < 0) {
      kept.push(lines[i]!);
      continue;
    }
    const content = decodeUu(Buffer.from(lines.slice(i + 1, end).join('\n'), 'latin1'));
    files.push({ name: name!.trim(), content });
    i = end;
  }
  return { text: kept.join('\n'), files };
}

/** The line `end`, if all before it are uuencoded: their length is what their first character says. */
function endOf(lines: readonly string[], from: number): number {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]!.trimEnd();
    if (line === 'end') return i > from ? i : -1;
    if (line === '' || line === '`') continue;
    const count = (line.charCodeAt(0) - 0x20) & 0x3f;
    if (line.charCodeAt(0) > 0x60 || line.length - 1 > Math.ceil(count / 3) * 4 + 4) return -1;
  }
  return -1;
}
