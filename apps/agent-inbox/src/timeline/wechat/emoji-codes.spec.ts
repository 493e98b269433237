import { expect, it } from '@jest/globals';
import { withFaces } from './emoji-codes.ts';

it.each([
  ['你好[微笑]', '你好🙂'],
  ['[OK][强]谢谢[Rose]', '👌👍谢谢🌹'],
  ['订单[A12]', '订单[A12]'],
  ['[constructor] []', '[constructor] []'],
  ['没有', '没有'],
])('%s → %s', (text, shown) => expect(withFaces(text)).toBe(shown));
