import { expect, it } from '@jest/globals';
import { quoteStart } from './quote-start.ts';

const texts = [
  '好的，谢谢！',
  '\n  ',
  '------------------ 原始邮件 ------------------',
  '发件人: 山岚茶舍',
  '您好',
];

it('finds the text in which a quotation begins, whatever its spaces and marks', () => {
  expect(quoteStart(texts, '------------------ 原始邮件 ------------------\n发件人: 山岚茶舍\n> 您好')).toBe(
    2,
  );
  expect(quoteStart(['Yes', 'On Mon, Ann wrote:', 'Hello\n there'], '> On Mon,  Ann wrote:\n>> Hello')).toBe(
    1,
  );
});

it('finds none where there is none, or where it does not begin with a text', () => {
  expect(quoteStart(texts, '')).toBeUndefined();
  expect(quoteStart(texts, '别的文字，不在邮件里')).toBeUndefined();
  expect(quoteStart(['Yes. On Mon, Ann wrote:', 'Hello'], 'On Mon, Ann wrote:')).toBeUndefined();
});
