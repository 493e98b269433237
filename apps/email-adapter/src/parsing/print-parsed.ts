import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { MailRefused } from './parsed-mail.ts';
import { mailLimits } from './parsed-mail.ts';
import { parseMail } from './parse-mail.ts';

/** Prints the payload of each file as one line of JSON, in order; for what cannot be read, a line with an `error`. */
export async function printParsed(files: readonly string[], out: Writable): Promise<void> {
  for (const file of files) {
    if (!out.write(`${JSON.stringify(await parsedFile(file))}\n`)) await once(out, 'drain');
  }
}

async function parsedFile(file: string): Promise<object> {
  try {
    const { size } = await stat(file);
    if (size > mailLimits.size * 2)
      return { error: { code: 'too-large', message: `The file has ${size} bytes.` } };
    const parsed = parseMail(await readFile(file));
    return parsed.kind === 'parsed' ? parsed.payload : asError(parsed);
  } catch (error) {
    return { error: { code: 'unreadable', message: error instanceof Error ? error.message : String(error) } };
  }
}

const asError = ({ code, reason, known }: MailRefused) => ({ error: { code, message: reason }, ...known });
