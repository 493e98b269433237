import type { Chat } from './chat.ts';
import { startUpload, type Upload } from './upload.ts';

/** Uploads the files, and sends each as soon as it is up. */
export function bringFiles(chat: Chat, files: readonly File[]): void {
  for (const file of files) {
    const upload = startUpload(file, chat.maxFileBytes, {
      pass: () => chat.ask('upload', { name: file.name.slice(-255), size: file.size }),
      changed: chat.changed,
      done: ({ file: named, shown }) => {
        dropUpload(chat, upload);
        chat.put({ text: '', files: [named], shown: [shown] });
      },
    });
    chat.uploads = [...chat.uploads, upload];
  }
  chat.changed();
}

export function dropUpload(chat: Chat, upload: Upload): void {
  upload.cancel();
  chat.uploads = chat.uploads.filter((other) => other !== upload);
  chat.changed();
}
