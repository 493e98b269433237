import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { CallbackRefused } from './callback-refused.ts';

/** PKCS#7 as Tencent does it: blocks of 32 bytes, twice AES's own. Node's padding refuses what is above 16. */
const BLOCK = 32;
const RANDOM = 16;
const LENGTH = 4;

/**
 * Tencent's message encryption, of official accounts (receiver: the AppID) and of WeCom (receiver: the corp id):
 * AES-256-CBC, key = base64(EncodingAESKey + '='), IV = its first 16 bytes, over
 * random(16) + length of the message (4, big endian) + message + receiver.
 * https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html
 */
export class CallbackCipher {
  private readonly key: Buffer;

  /** `encodingAesKey`: 43 characters, as the console shows it. */
  constructor(
    encodingAesKey: string,
    private readonly receiver: string,
  ) {
    this.key = Buffer.from(`${encodingAesKey}=`, 'base64');
    if (this.key.length !== 32) throw new RangeError('An EncodingAESKey has 43 characters.');
  }

  /** Throws {@link CallbackRefused}: `undecipherable`, or `wrong_receiver` when it was meant for somebody else. */
  open(encrypted: string): Buffer {
    const whole = unpadded(this.decipher(encrypted));
    if (whole.length < RANDOM + LENGTH) throw new CallbackRefused('undecipherable');
    const end = RANDOM + LENGTH + whole.readUInt32BE(RANDOM);
    if (end > whole.length) throw new CallbackRefused('undecipherable');
    const [receiver, right] = [whole.subarray(end), Buffer.from(this.receiver)];
    if (receiver.length !== right.length || !timingSafeEqual(receiver, right))
      throw new CallbackRefused('wrong_receiver');
    return whole.subarray(RANDOM + LENGTH, end);
  }

  /** `random`: 16 bytes, given only to make a known result. */
  seal(message: string, random: Uint8Array = randomBytes(RANDOM)): string {
    const text = Buffer.from(message);
    const length = Buffer.alloc(LENGTH);
    length.writeUInt32BE(text.length);
    const whole = padded(Buffer.concat([random, length, text, Buffer.from(this.receiver)]));
    const cipher = createCipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([cipher.update(whole), cipher.final()]).toString('base64');
  }

  private decipher(encrypted: string): Buffer {
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length === 0 || bytes.length % 16 !== 0) throw new CallbackRefused('undecipherable');
    const decipher = createDecipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16));
    decipher.setAutoPadding(false);
    return Buffer.concat([decipher.update(bytes), decipher.final()]);
  }
}

function padded(bytes: Buffer): Buffer {
  const pad = BLOCK - (bytes.length % BLOCK);
  return Buffer.concat([bytes, Buffer.alloc(pad, pad)]);
}

function unpadded(bytes: Buffer): Buffer {
  const pad = bytes.at(-1)!;
  const sound = pad >= 1 && pad <= BLOCK && pad <= bytes.length;
  if (!sound || bytes.subarray(-pad).some((byte) => byte !== pad))
    throw new CallbackRefused('undecipherable');
  return bytes.subarray(0, -pad);
}
