import { expect, it } from '@jest/globals';
import { en } from '../words/en.ts';
import { zhCN } from '../words/zh-cn.ts';
import { claimWords, evidenceWords, proofWords } from './claim-words.ts';

it.each([
  ['email a@b.cn', '邮箱 a@b.cn'],
  ['phone +8613800000000', '电话 +8613800000000'],
  ['external:shop:42', '客户编号 shop:42'],
  ['unionid o6_x', 'unionid o6_x'],
  ['toString x', 'toString x'],
  ['a@b.cn', 'a@b.cn'],
])('%s', (claim, words) => expect(claimWords(claim, zhCN)).toBe(words));

it('speaks English too', () => expect(claimWords('email a@b.cn', en)).toBe('E-mail a@b.cn'));

it('says of a code that it was scanned, and not which', () => {
  const claim = { kind: 'external', value: 'k3v', verified: true } as const;
  expect(proofWords({ ...claim, evidence: 'qr:tea-house:k3v' }, zhCN)).toBe('扫描了 tea-house 的二维码');
  expect(proofWords({ ...claim, evidence: 'jwt:shop' }, en)).toBe('Customer no. k3v');
  expect(evidenceWords('external k3v (qr:tea-house:k3v)', en)).toBe('Scanned the QR code of tea-house');
  expect(evidenceWords('the same order (qr:x)', en)).toBe('the same order (qr:x)');
});
