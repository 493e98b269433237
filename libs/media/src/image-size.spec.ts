import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aGif, aJpeg, aPng, aWebp } from '../testing/samples.ts';
import { imageSize } from './image-size.ts';

describe('imageSize', () => {
  test.each([
    ['image/png', aPng(300, 200)],
    ['image/gif', aGif(300, 200)],
    ['image/jpeg', aJpeg(300, 200)],
    ['image/webp', aWebp('VP8 ', 300, 200)],
    ['image/webp', aWebp('VP8L', 300, 200)],
    ['image/webp', aWebp('VP8X', 300, 200)],
  ])('reads %s', (type, head) => {
    expect(imageSize(type, head)).toEqual({ width: 300, height: 200 });
  });

  test.each([
    [1, 300, 200],
    [3, 300, 200],
    [6, 200, 300],
    [8, 200, 300],
  ])('turns a photograph of orientation %i as it is shown', (orientation, width, height) => {
    expect(imageSize('image/jpeg', aJpeg(300, 200, orientation))).toEqual({ width, height });
  });

  test('does not know a type it cannot read', () => {
    expect(imageSize('image/tiff', Buffer.alloc(100))).toBeUndefined();
  });

  test('survives any bytes, cut anywhere', () => {
    const whole = aJpeg(300, 200, 6);
    const types = fc.constantFrom('image/png', 'image/gif', 'image/jpeg', 'image/webp');
    const noise = fc.property(
      types,
      fc.uint8Array(),
      (type, bytes) => void imageSize(type, Buffer.from(bytes)),
    );
    const cuts = fc.property(fc.nat(100), (end) => void imageSize('image/jpeg', whole.subarray(0, end)));
    expect(fc.check(noise).failed).toBe(false);
    expect(fc.check(cuts).failed).toBe(false);
  });
});
