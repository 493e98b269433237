import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Attachment } from '@yixian/contracts';
import { TooLarge } from '../src/media-error.ts';
import type { MediaStore } from '../src/media-store.ts';
import { aGif, aJpeg, aPdf, aPng, aWebp } from './samples.ts';

/** What a test needs of a place to keep files in. */
export interface StoreUnderTest {
  store: MediaStore;
  /** Names of everything that is kept, temporary files included. */
  kept(): Promise<string[]>;
  stop(): Promise<void>;
}

/** What every media store promises. */
export function storeSuite(kind: string, setUp: () => Promise<StoreUnderTest>): void {
  describe(`${kind} as a media store`, () => {
    let place: StoreUnderTest;
    beforeAll(async () => {
      place = await setUp();
    });
    afterAll(() => place.stop());

    test('gives back what was put, under the name of its content', async () => {
      const content = randomBytes(300_000);
      const attachment = await place.store.put(Readable.from([content]), { name: '../报价 单.bin' });
      expect(Attachment.parse(attachment)).toEqual({
        key: expect.stringMatching(/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/),
        name: '报价 单.bin',
        type: 'application/octet-stream',
        size: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      });
      const stored = await place.store.get(attachment.key);
      expect(stored).toMatchObject({ size: content.length, type: 'application/octet-stream' });
      expect(await buffer(stored!.content)).toEqual(content);
    });

    test('stores twice what is stored once', async () => {
      const first = await place.store.put(Buffer.from('same'), { name: 'a.txt' });
      const before = await place.kept();
      const second = await place.store.put(Buffer.from('same'), { name: 'b.txt' });
      expect(second.key).toBe(first.key);
      expect(await place.kept()).toEqual(before);
    });

    test('gives ranges', async () => {
      const { key } = await place.store.put(Buffer.from('0123456789'), { name: 'digits' });
      const part = async (start: number, end?: number) => {
        const found = await place.store.get(key, { start, end });
        expect(found!.size).toBe(10);
        return text(found!.content);
      };
      expect(await part(2, 4)).toBe('234');
      expect(await part(7)).toBe('789');
      expect(await part(0, 99)).toBe('0123456789');
    });

    test('keeps an empty file', async () => {
      const { key, type } = await place.store.put(Buffer.of(), { name: 'empty' });
      expect(type).toBe('text/plain');
      expect(await place.store.get(key, { start: 0, end: 0 })).toMatchObject({ size: 0, type });
    });

    test('refuses more than is allowed and leaves nothing behind', async () => {
      const before = await place.kept();
      let taken = 0;
      const endless = new Readable({
        read() {
          taken += 65_536;
          this.push(randomBytes(65_536));
        },
      });
      await expect(place.store.put(endless, { name: 'huge', maxBytes: 1_000_000 })).rejects.toThrow(TooLarge);
      expect(endless.destroyed).toBe(true);
      expect(taken).toBeLessThan(2_000_000);
      expect(await place.kept()).toEqual(before);
    });

    test('leaves nothing behind when the source breaks', async () => {
      const before = await place.kept();
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('the first half');
          throw new Error('the line went dead');
        })(),
      );
      await expect(place.store.put(broken, { name: 'half' })).rejects.toThrow('the line went dead');
      expect(await place.kept()).toEqual(before);
    });

    test.each([
      ['image/png', aPng(7, 5), { width: 7, height: 5 }],
      ['image/jpeg', aJpeg(640, 480), { width: 640, height: 480 }],
      ['image/gif', aGif(3, 9), { width: 3, height: 9 }],
      ['image/webp', aWebp('VP8X', 1920, 1080), { width: 1920, height: 1080 }],
      ['application/pdf', aPdf, {}],
      ['text/plain', Buffer.from('你好，世界'), {}],
      ['text/plain', Buffer.from('<!doctype html><script>alert(1)</script>'), {}],
      ['text/plain', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), {}],
      ['application/octet-stream', Buffer.from([0xc3, 0x28, 0x00]), {}],
    ])('sniffs %s and keeps to it', async (type, content, size) => {
      const attachment = await place.store.put(content, { name: 'says.exe' });
      expect(attachment).toMatchObject({ type, ...size });
      expect('width' in attachment).toBe('width' in size);
      const stored = await place.store.get(attachment.key);
      stored!.content.destroy();
      expect(stored!.type).toBe(type);
    });

    test.each(['', '..', '../../etc/passwd', 'aa/bb/cc', `aa/bb/${'c'.repeat(64)}`])(
      'knows no %j',
      async (key) => {
        expect(await place.store.get(key)).toBeUndefined();
      },
    );

    test('knows no file that was never put', async () => {
      expect(await place.store.get(`aa/aa/${'a'.repeat(64)}`)).toBeUndefined();
    });

    test('is healthy', async () => {
      expect(await place.store.healthy()).toBe(true);
    });
  });
}
