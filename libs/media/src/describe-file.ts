import type { Attachment } from '@yixian/contracts';
import { keyOf } from './content-key.ts';
import { cleanFileName } from './file-name.ts';
import { IMAGE_HEAD, imageSize } from './image-size.ts';
import type { IncomingFile } from './incoming-file.ts';
import { readStart, sniffType } from './sniff-type.ts';

/** The attachment that an arrived file becomes. */
export async function describeFile(file: IncomingFile, name: string): Promise<Attachment> {
  const type = await sniffType(file.path);
  const size = type.startsWith('image/')
    ? imageSize(type, await readStart(file.path, IMAGE_HEAD))
    : undefined;
  return {
    key: keyOf(file.sha256),
    name: cleanFileName(name),
    type,
    size: file.size,
    sha256: file.sha256,
    ...size,
  };
}
