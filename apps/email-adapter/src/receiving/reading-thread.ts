import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { MailRefused, ParsedAttachment, ParsedMail, ParseOptions } from '../parsing/parsed-mail.ts';

/** What goes to the thread. */
export interface MailToRead {
  raw: Uint8Array;
  options: ParseOptions;
}

/** What comes back of it: bytes lose their class on the way. */
export type ReadMail =
  | MailRefused
  | (Omit<ParsedMail, 'attachments'> & {
      attachments: (Omit<ParsedAttachment, 'content'> & { content: Uint8Array })[];
    });

/** What it may hold, many times the largest mail: a mail beyond that ends the thread, not the process. */
const MEMORY = { maxOldGenerationSizeMb: 1024 };

/** A thread that reads mails, one at a time. */
export class ReadingThread {
  /** It ends by itself when it breaks. */
  ended = false;
  /** What broke it. */
  trouble: unknown;
  private readonly worker: Worker;
  private answer: ((mail?: ReadMail) => void) | undefined;

  constructor(file: URL) {
    this.worker = new Worker(file, { resourceLimits: MEMORY });
    this.worker.unref();
    this.worker.on('message', (mail: ReadMail) => this.answer?.(mail));
    this.worker.on('error', (error) => (this.trouble = error));
    this.worker.on('exit', () => {
      this.ended = true;
      this.answer?.();
    });
  }

  /** Undefined: it ended without an answer. */
  async read(raw: Buffer, options: ParseOptions): Promise<ParsedMail | MailRefused | undefined> {
    const mail = await new Promise<ReadMail | undefined>((resolve) => {
      this.answer = resolve;
      this.worker.postMessage({ raw: new Uint8Array(raw), options } satisfies MailToRead);
    });
    return mail && withBuffers(mail);
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

function withBuffers(mail: ReadMail): ParsedMail | MailRefused {
  if (mail.kind === 'refused') return mail;
  const attachments = mail.attachments.map((file) => ({
    ...file,
    content: Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength),
  }));
  return { ...mail, attachments };
}

/** Where the build puts what the thread runs: beside whatever this file was built into. Undefined: it is not built. */
export function builtReader(): URL | undefined {
  const url = new URL('./read-mail.js', import.meta.url);
  return existsSync(url) ? url : undefined;
}
