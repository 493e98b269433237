import type { Clock } from '@yixian/contracts';
import type { MailRefused, ParsedMail, ParseOptions } from '../parsing/parsed-mail.ts';
import { ReadingThread } from './reading-thread.ts';

export interface MailReaderMeans {
  clock: Clock;
  warn(message: string, detail: Record<string, unknown>): void;
  /** What the thread runs. Undefined: every mail is read at once, on this one. */
  thread: URL | undefined;
}

/** Bytes from which a mail is read by the thread: what is smaller is read in some milliseconds. */
const BIG = 128 * 1024;
/** The largest mails take two or three seconds of an idle core; a busy machine is given time. */
const LONGEST_MS = 60_000;

/** It was given up because we stop. The mail must come again. */
class ReaderClosed extends Error {
  readonly code = 'reader_closed';
  readonly retryable = true;
}

/**
 * Reads mails: big ones, one after the other, by a thread of their own, which starts with the first of them, so that
 * no conversation waits for a mail. One that takes too long, or takes the thread down, is read by its head, and the
 * whole of it is its attachment.
 */
export class MailReader {
  private thread: ReadingThread | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly means: MailReaderMeans) {}

  async read(raw: Buffer, options: ParseOptions): Promise<ParsedMail | MailRefused> {
    const { thread } = this.means;
    if (raw.length < BIG || !thread) {
      // Loaded with the first mail, here and below: it brings half a dozen packages.
      const { parseMail } = await import('../parsing/parse-mail.ts');
      return parseMail(raw, options);
    }
    const mine = this.last.then(() => this.readAside(thread, raw, options));
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** What is being read rejects. */
  async close(): Promise<void> {
    this.closed = true;
    await this.thread?.end();
  }

  private async readAside(file: URL, raw: Buffer, options: ParseOptions) {
    if (this.closed) throw new ReaderClosed();
    if (!this.thread || this.thread.ended) this.thread = new ReadingThread(file);
    const { thread } = this;
    let tooLong = false;
    const cancel = this.means.clock.after(LONGEST_MS, () => {
      tooLong = true;
      void thread.end();
    });
    const mail = await thread.read(raw, options);
    cancel();
    if (mail) return mail;
    if (this.closed) throw new ReaderClosed();
    const detail = { bytes: raw.length, tooLong, err: thread.trouble };
    this.means.warn('A mail was too much to be read whole: its head was read.', detail);
    const { readHead } = await import('../parsing/read-head.ts');
    return readHead(raw, options);
  }
}
