import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TooLarge } from './media-error.ts';

/** A file that has arrived whole, on disk and flushed, under a name of its own. */
export interface IncomingFile {
  path: string;
  size: number;
  sha256: string;
}

/**
 * Streams `content` into a new file in `folder`, counting and hashing on the way. Throws {@link TooLarge} as soon as
 * the limit is passed (the source is destroyed then), or what the source threw; either way nothing is left.
 */
export async function receiveFile(
  content: Readable | Uint8Array,
  { folder, maxBytes }: { folder: string; maxBytes: number },
): Promise<IncomingFile> {
  const path = join(folder, randomUUID());
  const file = await open(path, 'wx', 0o600);
  try {
    const written = await write(content, file, maxBytes);
    await file.sync();
    return { path, ...written };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function write(content: Readable | Uint8Array, file: FileHandle, maxBytes: number) {
  const hash = createHash('sha256');
  let size = 0;
  const source = content instanceof Readable ? content : Readable.from([content], { objectMode: false });
  await pipeline(source, async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxBytes) throw new TooLarge(maxBytes);
      hash.update(chunk);
      await writeAll(file, chunk);
    }
  });
  return { size, sha256: hash.digest('hex') };
}

/** A full disk may take a part of a chunk before it refuses the rest. */
async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await file.write(chunk, done)).bytesWritten;
  }
}
