export interface ImageSize {
  width: number;
  height: number;
}

/** As much of a file as {@link imageSize} asks for: JPEG may carry a preview and colour profiles before its size. */
export const IMAGE_HEAD = 256 * 1024;

const readers: Record<string, (head: Buffer) => ImageSize | undefined> = {
  'image/png': png,
  'image/apng': png,
  'image/gif': (head) => ({ width: head.readUInt16LE(6), height: head.readUInt16LE(8) }),
  'image/webp': webp,
  'image/jpeg': jpeg,
};

/** Width and height as shown (EXIF rotation applied), from the start of a file. `undefined` when it does not say. */
export function imageSize(type: string, head: Buffer): ImageSize | undefined {
  try {
    const size = readers[type]?.(head);
    return size && size.width > 0 && size.height > 0 ? size : undefined;
  } catch (error) {
    if (endedEarly(error)) return undefined;
    throw error;
  }
}

/** The file ends before its header does, so that a read went past the end of the buffer. */
function endedEarly(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS';
}

/** https://www.w3.org/TR/png-3/#11IHDR: always the first chunk. */
function png(head: Buffer): ImageSize {
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

/** https://developers.google.com/speed/webp/docs/riff_container and RFC 6386 section 9.1. */
function webp(head: Buffer): ImageSize | undefined {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}

/** Walks the segments up to the frame header (ITU-T T.81 section B.1), noting EXIF's orientation on the way. */
function jpeg(head: Buffer): ImageSize | undefined {
  let turned = false;
  for (let at = 2; at < head.length;) {
    if (head[at] !== 0xff) return undefined;
    const marker = head[at + 1]!;
    if (marker === 0xff) {
      at += 1; // Fill bytes may precede a marker.
      continue;
    }
    if (isFrameHeader(marker)) {
      const size = { width: head.readUInt16BE(at + 7), height: head.readUInt16BE(at + 5) };
      return turned ? { width: size.height, height: size.width } : size;
    }
    const length = head.readUInt16BE(at + 2);
    if (marker === 0xe1) turned ||= isTurned(head.subarray(at + 4, at + 2 + length));
    at += 2 + length;
  }
  return undefined;
}

/** SOF0 to SOF15, without DHT, JPG and DAC, which share the range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Whether EXIF's orientation (tag 0x0112 of the first directory) swaps width and height: values 5 to 8. */
function isTurned(segment: Buffer): boolean {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0') return false;
  const tiff = segment.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < u16(directory); entry++) {
    const at = directory + 2 + entry * 12;
    if (u16(at) === 0x0112) return u16(at + 8) >= 5 && u16(at + 8) <= 8;
  }
  return false;
}
