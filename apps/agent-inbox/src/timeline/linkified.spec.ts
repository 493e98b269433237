import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linkified } from './linkified.ts';

describe('linkified', () => {
  it('links web and mail addresses without the sentence around them', () => {
    expect(linkified('看 https://shop.cn/p?id=1，或写信给 a.b@shop.cn。')).toEqual([
      '看 ',
      { text: 'https://shop.cn/p?id=1', href: 'https://shop.cn/p?id=1' },
      '，或写信给 ',
      { text: 'a.b@shop.cn', href: 'mailto:a.b@shop.cn' },
      '。',
    ]);
    expect(linkified('(https://x.cn/a_(b)).')).toEqual([
      '(',
      { text: 'https://x.cn/a_(b)', href: 'https://x.cn/a_(b)' },
      ').',
    ]);
  });

  it('links nothing else', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', '<b>hi</b>', 'ftp://x.cn'])
      expect(linkified(text)).toEqual([text]);
  });

  it('loses no character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('https://a.cn/', ').', 'a@b.cn', '，'))),
        (pieces) => {
          const text = pieces.join('');
          expect(
            linkified(text)
              .map((part) => (typeof part === 'string' ? part : part.text))
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });
});
