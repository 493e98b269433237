import { expect, it } from '@jest/globals';
import { storable } from './storable.ts';

it('puts a mark where there was what cannot be stored, in keys and values at every depth', () => {
  expect(storable({ 'a\0': ['b\ud800c', { d: '\udc00\ud83d' }] })).toEqual({
    'a\uFFFD': ['b\uFFFDc', { d: '\uFFFD\uFFFD' }],
  });
});

it('leaves everything else as it is', () => {
  const value = { é: ['请问', '🌿 \u{1F469}\u200D\u{1F33E}', '', null, 0, true, { '\\u0000': '\\ud800' }] };
  expect(storable(value)).toEqual(value);
});
