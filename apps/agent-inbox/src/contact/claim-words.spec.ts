import { expect, it } from '@jest/globals';
import { en } from '../words/en.ts';
import { zhCN } from '../words/zh-cn.ts';
import { claimWords } from './claim-words.ts';

it.each([
  ['email a@b.cn', '邮箱 a@b.cn'],
  ['phone +8613800000000', '电话 +8613800000000'],
  ['external:shop:42', '客户编号 shop:42'],
  ['unionid o6_x', 'unionid o6_x'],
  ['toString x', 'toString x'],
  ['a@b.cn', 'a@b.cn'],
])('%s', (claim, words) => expect(claimWords(claim, zhCN)).toBe(words));

it('speaks English too', () => expect(claimWords('email a@b.cn', en)).toBe('E-mail a@b.cn'));
