import type { AccountId } from '@yixian/contracts';
import { BIND_CODE_LASTS, BindCodes } from './bind-codes.ts';
import { TestClock } from '@yixian/contracts/testing';

const account = 'tea-house' as AccountId;
const key = Buffer.alloc(32, 7);

test('a code opens for its account, and makes the same claim on both sides', () => {
  const clock = new TestClock();
  const code = new BindCodes(key, clock).make(account);
  // Tencent takes 64 characters. https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html
  expect(code).toMatch(/^[\w-]{48}$/);
  const opened = new BindCodes(key, clock).open(account, code);
  expect(opened?.expired).toBe(false);
  expect(opened?.claim).toEqual({
    kind: 'external',
    value: opened?.id,
    verified: true,
    evidence: `qr:tea-house:${opened?.id}`,
  });
  expect(new BindCodes(key, clock).make(account)).not.toBe(code);
});

test('a code that is older than ten minutes is known, and expired', () => {
  const clock = new TestClock();
  const codes = new BindCodes(key, clock);
  const code = codes.make(account);
  clock.advance(BIND_CODE_LASTS - 1_000);
  expect(codes.open(account, code)?.expired).toBe(false);
  clock.advance(1_000);
  expect(codes.open(account, code)?.expired).toBe(true);
});

test('a code that was made up, changed, or made for another account or with another key, is none', () => {
  const clock = new TestClock();
  const codes = new BindCodes(key, clock);
  const code = codes.make(account);
  expect(codes.open('other' as AccountId, code)).toBeUndefined();
  expect(new BindCodes(Buffer.alloc(32, 8), clock).open(account, code)).toBeUndefined();
  for (const made of ['', 'shop-42', 'A'.repeat(48), code.slice(1), `${code}A`])
    expect(codes.open(account, made)).toBeUndefined();
  for (let at = 0; at < code.length; at++) {
    const other = code[at] === 'A' ? 'B' : 'A';
    expect(codes.open(account, code.slice(0, at) + other + code.slice(at + 1))).toBeUndefined();
  }
});
