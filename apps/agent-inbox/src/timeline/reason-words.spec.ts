import { expect, it } from '@jest/globals';
import { en } from '../words/en.ts';
import { zhCN } from '../words/zh-cn.ts';
import { reasonWords } from './reason-words.ts';

it.each([
  ['blocked', '客户拒收', 'the customer refuses messages'],
  ['user-unknown 5.1.1', '收件地址不存在（5.1.1）', 'the address does not exist (5.1.1)'],
  ['mailbox-full', '对方邮箱已满', 'the mailbox is full'],
  ['550 go away', '550 go away', '550 go away'],
  ['constructor', 'constructor', 'constructor'],
])('%s is told as %s', (reason, chinese, english) => {
  expect(reasonWords(reason, zhCN)).toBe(chinese);
  expect(reasonWords(reason, en)).toBe(english);
});
