import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';

/** As much as is looked at to tell text from bytes. */
const TEXT_SAMPLE = 64 * 1024;

/** What a browser could run as a document of ours. Kept as the text it is. */
const ACTIVE = /^(text\/(html|xml)|application\/(xhtml\+xml|xml|.*\+xml)|image\/svg\+xml)$/;

/** The type by what the file holds: a known signature, else `text/plain` if it reads as UTF-8, else bytes. */
export async function sniffType(path: string): Promise<string> {
  const known = await signature(path);
  if (known) return ACTIVE.test(known) ? 'text/plain' : known;
  return (await readsAsText(path)) ? 'text/plain' : 'application/octet-stream';
}

async function signature(path: string): Promise<string | undefined> {
  try {
    return (await fileTypeFromFile(path))?.mime;
  } catch {
    // A signature followed by nonsense makes the parser throw. Such a file is simply of no known type.
    return undefined;
  }
}

async function readsAsText(path: string): Promise<boolean> {
  const sample = await readStart(path, TEXT_SAMPLE);
  try {
    // `stream` forgives a character cut in two by the end of the sample.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sample, {
      stream: sample.length === TEXT_SAMPLE,
    });
    return !text.includes('\0');
  } catch {
    return false;
  }
}

/** The first `length` bytes, or all if there are fewer. */
export async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
