import type { Readable } from 'node:stream';
import type { Attachment } from '@yixian/contracts';

/** Keeps attachments: a local folder, or S3. Content-addressed, so storing twice is storing once. */
export interface MediaStore {
  /**
   * Streams a file in, sniffs its type and measures it. Resolves when it is durable. Throws `TooLarge` past
   * `maxBytes` (default 20 MiB) and leaves nothing behind. Images get `width` and `height`.
   */
  put(content: Readable | Uint8Array, of: { name: string; maxBytes?: number }): Promise<Attachment>;
  /** `undefined` when there is none. `range` is inclusive, in bytes. */
  get(key: string, range?: { start: number; end?: number }): Promise<StoredMedia | undefined>;
  healthy(): Promise<boolean>;
}

export interface StoredMedia {
  content: Readable;
  /** Of the whole file. */
  size: number;
  /** Sniffed from the content, never what the sender called it. */
  type: string;
}
