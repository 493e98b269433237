/** A picture of one green leaf on paper: 64 × 64, as SVG cannot be sent. Made of runs of colour, in PNG. */
import { deflateSync } from 'node:zlib';

const SIZE = 64;

/** A small picture to send. */
export function samplePicture(): Buffer {
  const rows = Array.from({ length: SIZE }, (_, y) => Buffer.concat([Buffer.from([0]), row(y)]));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function row(y: number): Buffer {
  const pixels = Array.from({ length: SIZE }, (_, x) => {
    const [u, v] = [(x - 32) / 26, (y - 32) / 26];
    const leaf = Math.abs(u - v) < 0.9 - (u + v) ** 2 / 3;
    const vein = Math.abs(u - v) < 0.06;
    return leaf ? (vein ? [225, 240, 220] : [72, 140, 92]) : [248, 245, 238];
  });
  return Buffer.from(pixels.flat());
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

/** CRC-32 of PNG, ISO 3309. */
function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** A second of silence in AMR-NB: 50 frames of mode 0, 12.2 kbit/s left out (RFC 4867, "no data"). */
export function sampleVoice(): Buffer {
  return Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(50, 0x7c)]);
}
