import { linkify } from './linkify.ts';

const links = (text: string) =>
  linkify(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.href]));

test('an address between Chinese words ends where they begin', () => {
  expect(linkify('请看https://shop.cn/p/42。谢谢')).toEqual([
    '请看',
    { href: 'https://shop.cn/p/42', text: 'https://shop.cn/p/42' },
    '。谢谢',
  ]);
});

test('a full stop or a bracket of the sentence is not part of the address', () => {
  expect(links('See https://a.example/b. And (https://a.example/c)')).toEqual([
    'https://a.example/b',
    'https://a.example/c',
  ]);
  expect(links('https://en.wikipedia.org/wiki/Tea_(drink)')).toEqual([
    'https://en.wikipedia.org/wiki/Tea_(drink)',
  ]);
});

test('bare hosts and mail addresses become links too', () => {
  expect(links('www.shop.cn or help@shop.cn')).toEqual(['https://www.shop.cn', 'mailto:help@shop.cn']);
});

test('scripts never become links', () => {
  expect(links('javascript:alert(1) data:text/html,x vbscript:x <a href="javascript:x">')).toEqual([]);
});

test('all pieces together are the text', () => {
  const text = '《说明》 https://a.cn/x?y=1&z=2，再看 www.b.cn。';
  expect(
    linkify(text)
      .map((piece) => (typeof piece === 'string' ? piece : piece.text))
      .join(''),
  ).toBe(text);
});
