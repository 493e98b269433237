import { parentPort } from 'node:worker_threads';
import { parseMail } from '../parsing/parse-mail.ts';
import type { MailToRead, ReadMail } from '../receiving/reading-thread.ts';

// What `ReadingThread` runs: reads one mail after the other and hands each back.
parentPort!.on('message', ({ raw, options }: MailToRead) => {
  const mail = parseMail(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), options);
  const files: Uint8Array<ArrayBuffer>[] = [];
  let read: ReadMail = mail;
  if (mail.kind === 'parsed') {
    // Copied, since the bytes of a file may be a view of the whole mail, which would go along with each of them.
    const attachments = mail.attachments.map((file) => ({ ...file, content: new Uint8Array(file.content) }));
    files.push(...attachments.map(({ content }) => content));
    read = { ...mail, attachments };
  }
  parentPort!.postMessage(
    read,
    files.map(({ buffer }) => buffer),
  );
});
