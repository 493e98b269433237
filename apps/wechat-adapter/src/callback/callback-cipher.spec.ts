import * as published from '../../testing/published-vectors.ts';
import { CallbackCipher } from './callback-cipher.ts';
import { fromBody } from './from-body.ts';
import { signatureOf } from './signature.ts';

const { push, platform, wecom, java, python, cpp, wechatpy, zeroKey } = published;
const encryptIn = (body: string) => String(fromBody(Buffer.from(body)).Encrypt);

describe('what was published to decrypt', () => {
  it.each([
    ['Tencent, safe mode in JSON', push.token, zeroKey, push.appId, push.safe, push.safe.encrypt],
    [
      'Tencent, third-party platform',
      platform.token,
      zeroKey,
      platform.appId,
      platform,
      encryptIn(platform.body),
    ],
    ['WeCom, a message', wecom.token, wecom.key, wecom.corpId, wecom.message, wecom.message.encrypt],
    ['WeCom, verifying', wecom.token, wecom.key, wecom.corpId, wecom.verify, wecom.verify.echostr],
    ['Tencent Sample.py', python.token, python.key, python.appId, python, encryptIn(python.body)],
    ['Tencent Sample.cpp', cpp.token, cpp.key, cpp.appId, cpp, cpp.encrypt],
    [
      'wechatpy, a message',
      wechatpy.token,
      wechatpy.key,
      wechatpy.corpId,
      wechatpy.message,
      wechatpy.message.encrypt,
    ],
    [
      'wechatpy, verifying',
      wechatpy.token,
      wechatpy.key,
      wechatpy.corpId,
      wechatpy.verify,
      wechatpy.verify.echostr,
    ],
  ])('%s', (_, token, key, receiver, { timestamp, nonce, signature }, encrypted) => {
    expect(signatureOf(token, timestamp, nonce, encrypted)).toBe(signature);
    expect(new CallbackCipher(key, receiver).open(encrypted).length).toBeGreaterThan(0);
  });

  it('says what it said', () => {
    const open = (key: string, receiver: string, encrypted: string) =>
      new CallbackCipher(key, receiver).open(encrypted);
    expect(open(zeroKey, push.appId, push.safe.encrypt).toString()).toBe(push.safe.message);
    expect(open(zeroKey, platform.appId, encryptIn(platform.body))).toHaveLength(platform.length);
    expect(open(wecom.key, wecom.corpId, wecom.verify.echostr).toString()).toBe(wecom.verify.answer);
    expect(fromBody(open(wecom.key, wecom.corpId, wecom.message.encrypt))).toMatchObject({
      Content: wecom.message.content,
      MsgId: wecom.message.msgId,
    });
    expect(fromBody(open(python.key, python.appId, encryptIn(python.body)))).toEqual(python.fields);
    expect(fromBody(open(cpp.key, cpp.appId, cpp.encrypt))).toMatchObject({ ToUserName: cpp.to });
    expect(fromBody(open(wechatpy.key, wechatpy.corpId, wechatpy.message.encrypt))).toMatchObject({
      Content: wechatpy.message.content,
      FromUserName: 'messense',
    });
  });
});

describe('what was published to encrypt', () => {
  it.each([
    ['Tencent, a reply in JSON', zeroKey, push.appId, push.reply],
    ['Tencent, a reply of a platform', zeroKey, platform.appId, platform.reply],
    ['Tencent WXBizMsgCryptTest, short', java.key, java.appId, { random: java.random, ...java.short }],
    ['Tencent WXBizMsgCryptTest, a video', java.key, java.appId, { random: java.random, ...java.video }],
    ['wechatpy, a reply', wechatpy.key, wechatpy.corpId, wechatpy.reply],
  ])('%s', (_, key, receiver, { random, message, encrypt }) => {
    const cipher = new CallbackCipher(key, receiver);
    expect(cipher.seal(message, Buffer.from(random))).toBe(encrypt);
    expect(cipher.open(encrypt).toString()).toBe(message);
  });

  it('signs as published', () => {
    const { verify, plain, reply } = push;
    expect(signatureOf(push.token, verify.timestamp, verify.nonce)).toBe(verify.signature);
    expect(signatureOf(push.token, plain.timestamp, plain.nonce)).toBe(plain.signature);
    for (const [token, of] of [
      [push.token, reply],
      [platform.token, platform.reply],
      [wechatpy.token, wechatpy.reply],
    ] as const)
      expect(signatureOf(token, of.timestamp, of.nonce, of.encrypt)).toBe(of.signature);
  });
});

describe('what is not meant for us', () => {
  const cipher = new CallbackCipher(zeroKey, push.appId);
  const codeOf = (encrypted: string, by = cipher) => {
    try {
      by.open(encrypted);
      return 'opened';
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };

  it('is refused by its receiver', () => {
    expect(codeOf(push.safe.encrypt, new CallbackCipher(zeroKey, 'wx0000000000000000'))).toBe(
      'wrong_receiver',
    );
    expect(codeOf(push.safe.encrypt, new CallbackCipher(zeroKey, push.appId.slice(0, -1)))).toBe(
      'wrong_receiver',
    );
  });

  it('is refused when it is cut, changed, or of another key', () => {
    const bytes = Buffer.from(push.safe.encrypt, 'base64');
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 1]! ^= 1;
    const hostile = ['', 'abc', '!!!', bytes.subarray(0, 32).toString('base64'), flipped.toString('base64')];
    for (const encrypted of hostile) expect(codeOf(encrypted)).toBe('undecipherable');
    expect(codeOf(push.safe.encrypt, new CallbackCipher(java.key, push.appId))).toBe('undecipherable');
  });

  it('never takes a key of another length', () => {
    expect(() => new CallbackCipher('abcde', 'wx')).toThrow(RangeError);
  });

  it('opens whatever it sealed, of any length', () => {
    for (let length = 0; length < 70; length++) {
      const message = '中'.repeat(length);
      expect(cipher.open(cipher.seal(message)).toString()).toBe(message);
    }
  });
});
