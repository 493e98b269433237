import { TestClock } from '@yixian/contracts/testing';
import type { AccountId } from '@yixian/contracts';
import { push, python, wecom, zeroKey } from '../../testing/published-vectors.ts';
import { memoryStore } from '../../testing/memory-store.ts';
import { CallbackDoor } from './callback-door.ts';
import type { CallbackQuery } from './callback-door.ts';
import { signatureOf } from './signature.ts';

const account = 'shop' as AccountId;
const at = (seconds: string) => new TestClock(Number(seconds) * 1000);
const doorAt = (clock: TestClock, secrets: Partial<ConstructorParameters<typeof CallbackDoor>[0]> = {}) =>
  new CallbackDoor(
    { account, token: push.token, encodingAesKey: '', receiver: push.appId, ...secrets },
    { clock, store: memoryStore(clock) },
  );
const codeOf = (work: () => unknown) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'taken',
      (error: { code?: string }) => error.code,
    );

const safe: CallbackQuery = {
  encrypt_type: 'aes',
  timestamp: push.safe.timestamp,
  nonce: push.safe.nonce,
  msg_signature: push.safe.signature,
  // What Tencent's page gives beside it, and says not to use.
  signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
};
const safeBody = Buffer.from(JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: push.safe.encrypt }));

describe('the console verifies the address', () => {
  it('of an official account', () => {
    const { signature, ...rest } = push.verify;
    const door = doorAt(at(push.verify.timestamp));
    expect(door.verify({ ...rest, signature })).toBe(push.verify.echostr);
    expect(() => door.verify({ ...rest, signature: 'f'.repeat(40) })).toThrow('wrong_signature');
    expect(() => door.verify(rest)).toThrow('unsigned');
  });

  it('of a WeCom corp, whose answer is encrypted', () => {
    const { signature, echostr, timestamp, nonce, answer } = wecom.verify;
    const secrets = { token: wecom.token, encodingAesKey: wecom.key, receiver: wecom.corpId };
    const door = doorAt(at(timestamp), secrets);
    expect(door.verify({ msg_signature: signature, timestamp, nonce, echostr })).toBe(answer);
  });
});

describe('a push', () => {
  const clock = () => at(push.plain.timestamp);
  const { body, ...plain } = push.plain;

  it('is let in, plain', async () => {
    expect(doorAt(clock()).open(plain, Buffer.from(body))).toMatchObject({ Event: 'debug_demo' });
  });

  it('is let in, encrypted', async () => {
    const door = doorAt(at(safe.timestamp!), { encodingAesKey: zeroKey });
    expect(door.open(safe, safeBody)).toMatchObject({ Event: 'debug_demo' });
  });

  it('is let in when its plain fields stand beside the encrypted ones, which alone count', async () => {
    const door = doorAt(at(python.timestamp), {
      ...python,
      encodingAesKey: python.key,
      receiver: python.appId,
    });
    const { timestamp, nonce, signature } = python;
    const changed = python.body.replace('abcdteT', 'changed');
    const fields = door.open({ timestamp, nonce, msg_signature: signature }, Buffer.from(changed));
    expect(fields).toEqual(python.fields);
  });

  it.each([
    ['unsigned', {}, 'unsigned'],
    ['without a nonce', { ...plain, nonce: undefined }, 'unsigned'],
    [
      'signed by another',
      { ...plain, signature: signatureOf('other', plain.timestamp, plain.nonce) },
      'wrong_signature',
    ],
    ['with a time that is no time', { ...plain, timestamp: 'NaN' }, 'stale'],
  ] as const)('is refused %s', async (_, query, code) => {
    expect(await codeOf(() => doorAt(clock()).open(query, Buffer.from(body)))).toBe(code);
  });

  it('is refused when it is older than five minutes, or from the future', async () => {
    for (const off of [5 * 60_000 + 1000, -5 * 60_000 - 1000]) {
      const door = doorAt(new TestClock(Number(plain.timestamp) * 1000 + off));
      expect(await codeOf(() => door.open(plain, Buffer.from(body)))).toBe('stale');
    }
  });

  it('is refused plain where the account is encrypted, and with another Encrypt than was signed', async () => {
    const door = doorAt(at(safe.timestamp!), { encodingAesKey: zeroKey });
    expect(await codeOf(() => door.open(safe, Buffer.from(body)))).toBe('not_encrypted');
    expect(await codeOf(() => door.open({ ...safe, msg_signature: undefined }, safeBody))).toBe('unsigned');
    const other = Buffer.from(JSON.stringify({ Encrypt: `${push.safe.encrypt.slice(0, -4)}AAA=` }));
    expect(await codeOf(() => door.open(safe, other))).toBe('wrong_signature');
  });

  it('may come again for as long as Tencent asks again, with the same body alone', async () => {
    const time = clock();
    const door = doorAt(time);
    expect(await codeOf(() => door.admit(plain, Buffer.from(body)))).toBe('taken');
    time.advance(15_000);
    expect(await codeOf(() => door.admit(plain, Buffer.from(body)))).toBe('taken');
    expect(await codeOf(() => door.admit(plain, Buffer.from(body.replace('hello', 'pay me'))))).toBe(
      'replayed',
    );
    time.advance(30_000);
    expect(await codeOf(() => door.admit(plain, Buffer.from(body)))).toBe('replayed');
  });

  it('may come again encrypted, too, and not later', async () => {
    const time = at(safe.timestamp!);
    const door = doorAt(time, { encodingAesKey: zeroKey });
    for (const wait of [0, 15_000]) {
      time.advance(wait);
      expect(await codeOf(() => door.admit(safe, safeBody))).toBe('taken');
    }
    time.advance(30_000);
    expect(await codeOf(() => door.admit(safe, safeBody))).toBe('replayed');
  });
});
