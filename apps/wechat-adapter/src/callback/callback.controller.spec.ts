import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { AES_KEY } from '../../testing/official-account-world.ts';
import { pushSamples } from '../../testing/push-samples.ts';
import type { OfficialAccountPeer } from '../../testing/tencent/official-account-peer.ts';
import { push, sealed } from '../../testing/tencent/push.ts';
import { WechatStage } from '../../testing/wechat-stage.ts';
import { signatureOf } from './signature.ts';

jest.setTimeout(60_000);

let stage: WechatStage;
beforeAll(async () => {
  stage = await WechatStage.open();
});
afterAll(() => stage?.close());

const now = () => Math.floor(systemClock.now() / 1000);
const post = (url: string, query: object, body: string | Uint8Array, type = 'text/xml') =>
  fetch(`${url}?${new URLSearchParams(query as Record<string, string>).toString()}`, {
    method: 'POST',
    body: body as string,
    headers: { 'content-type': type },
  });

describe.each([
  ['encrypted', 'xml', AES_KEY],
  ['encrypted', 'json', AES_KEY],
  ['plain', 'xml', ''],
  ['plain', 'json', ''],
] as const)('pushes that are %s, in %s', (mode, format, encodingAesKey) => {
  const account = `${mode}-${format}`;
  let peer: OfficialAccountPeer;
  beforeAll(async () => {
    peer = await stage.officialAccount(account, { encodingAesKey, format });
    for (const { media } of pushSamples)
      if (media)
        jest
          .spyOn(peer.files, 'get')
          .mockReturnValue({ content: Buffer.from('a film'), name: 'x', type: 'video/mp4' });
  });

  it('come to the hub, of every type, once, whatever Tencent repeats', async () => {
    for (const sample of pushSamples)
      for (const _ of [1, 2]) {
        const pushed = await push(peer.options, format === 'xml' ? sample.xml : sample.json, systemClock);
        expect([sample.name, pushed.tries]).toEqual([sample.name, [{ status: 200, body: 'success' }]]);
      }
    const ids = new Set(pushSamples.map(({ nativeId }) => nativeId));
    await eventually(() => {
      const seen = new Set(stage.messages(account).map(({ nativeId }) => nativeId));
      expect([...ids].filter((id) => !seen.has(id))).toEqual([]);
    });
    const messages = stage.messages(account);
    for (const sample of pushSamples) {
      const of = messages.filter(({ nativeId }) => nativeId === sample.nativeId);
      expect(of.length).toBeGreaterThan(0);
      expect(new Set(of.map(({ id }) => id)).size).toBe(1);
      expect(of[0]!.payload).toEqual({ wechat: sample.wechat });
      expect([of[0]!.text, of[0]!.attachments.length]).toEqual([sample.text ?? '', sample.media ? 1 : 0]);
    }
  });
});

describe('an account', () => {
  let peer: OfficialAccountPeer;
  beforeAll(async () => {
    peer = await stage.officialAccount('door');
  });

  it('is verified by the console', async () => {
    const { query } = sealed(peer.options, '', now());
    const ask = (of: object) =>
      fetch(`${peer.options.url}?${new URLSearchParams(of as Record<string, string>).toString()}`);
    const { signature, timestamp, nonce } = query as Record<string, string>;
    const good = await ask({ signature, timestamp, nonce, echostr: '<b>4375120948345356249</b>' });
    expect(await good.text()).toBe('<b>4375120948345356249</b>');
    expect(good.headers.get('content-type')).toMatch(/^text\/plain/);
    expect((await ask({ signature: 'f'.repeat(40), timestamp, nonce, echostr: '1' })).status).toBe(403);
    expect((await fetch(`${stage.url}/wechat/nobody`)).status).toBe(404);
  });

  it('keeps 64 bits of MsgId, brings the media home, and learns who it is', async () => {
    const mediaId = peer.files.add({
      content: Buffer.from('a film of tea'),
      name: 'film.mp4',
      type: 'video/mp4',
    });
    await peer.says('o-li', 'text', { Content: '你好' }, { msgId: '23256813834500929' });
    await peer.says('o-li', 'video', { MediaId: mediaId, ThumbMediaId: 'thumb' });
    await eventually(() => expect(stage.messages('door', 'o-li')).toHaveLength(2));
    const [text, video] = stage.messages('door', 'o-li');
    expect(text!.nativeId).toBe('23256813834500929');
    expect(video!.attachments).toEqual([expect.objectContaining({ size: 13 })]);
    await eventually(() =>
      expect(stage.inbound).toContainEqual(
        expect.objectContaining({
          kind: 'identity.asserted',
          address: 'o-li',
          sender: expect.objectContaining({
            claims: [
              {
                kind: 'external',
                value: 'wechat-union:shop:union-o-li',
                verified: true,
                evidence: 'unionid:wx0123456789abcdef',
              },
            ],
          }),
        }),
      ),
    );
  });

  it('asks again for a picture that cannot be had, and takes the message without it in the end', async () => {
    const mediaId = peer.files.add({ content: Buffer.from('late'), name: 'x.jpg', type: 'image/jpeg' });
    stage.tencent.faults.add('media/get', 'cut');
    const pushed = await peer.says('o-mo', 'image', { MediaId: mediaId, PicUrl: 'http://p' });
    expect(pushed.tries.map(({ status }) => status)).toEqual([503, 200]);
    await eventually(() => expect(stage.messages('door', 'o-mo')).toHaveLength(1));
    expect(stage.messages('door', 'o-mo')[0]!.attachments).toHaveLength(1);

    await peer.says('o-mo', 'image', { MediaId: 'gone', PicUrl: 'http://p' });
    stage.tencent.faults.add('media/get', 'cut');
    await peer.says('o-mo', 'image', { MediaId: mediaId, PicUrl: 'http://p' }, { at: now() - 60 });
    await eventually(() => expect(stage.messages('door', 'o-mo')).toHaveLength(3));
    const missing = stage
      .messages('door', 'o-mo')
      .map(({ payload }) => (payload.wechat as { missing?: string }).missing);
    expect(missing).toEqual([undefined, 'expired', 'unavailable']);
  });

  it('takes 16 pushes of a new follower at once, each once', async () => {
    const texts = Array.from({ length: 16 }, (_, n) => `at once ${n}`);
    const pushed = await Promise.all(texts.map((Content) => peer.says('o-new', 'text', { Content })));
    expect(pushed.every(({ acknowledged }) => acknowledged)).toBe(true);
    await eventually(() => expect(stage.messages('door', 'o-new')).toHaveLength(16));
    expect(
      stage
        .messages('door', 'o-new')
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual(texts.toSorted());
  });

  const refused: [string, string, (url: string) => Promise<Response>][] = [
    ['is not signed', 'unsigned', (url) => post(url, {}, '<xml></xml>')],
    [
      'is signed by another',
      'wrong_signature',
      (url) => {
        const { query, body } = sealed({ ...peer.options, token: 'another' }, '<xml></xml>', now());
        return post(url, query, body);
      },
    ],
    [
      'is old',
      'stale',
      (url) => {
        const { query, body } = sealed(peer.options, '<xml></xml>', now() - 600);
        return post(url, query, body);
      },
    ],
    [
      'is meant for another account',
      'wrong_receiver',
      (url) => {
        const { query, body } = sealed({ ...peer.options, receiver: 'wx9999' }, '<xml></xml>', now());
        return post(url, query, body);
      },
    ],
    [
      'is not encrypted',
      'not_encrypted',
      (url) => {
        const { query } = sealed(peer.options, '<xml></xml>', now());
        return post(url, query, '<xml><MsgType>text</MsgType></xml>');
      },
    ],
    [
      'holds an entity bomb',
      'malformed',
      (url) => {
        const { query } = sealed(peer.options, '', now());
        const bomb = `<!DOCTYPE l [<!ENTITY a "ha">${'<!ENTITY b "&a;&a;">'}]><xml><Encrypt>&b;</Encrypt></xml>`;
        return post(url, query, bomb);
      },
    ],
    [
      'holds an entity bomb under its encryption',
      'malformed',
      (url) => {
        const { query, body } = sealed(peer.options, '<!DOCTYPE l [<!ENTITY a "ha">]><xml>&a;</xml>', now());
        return post(url, query, body);
      },
    ],
    [
      'is larger than any push',
      'too_large',
      (url) => post(url, sealed(peer.options, '', now()).query, 'x'.repeat(1 << 20)),
    ],
    [
      'is not UTF-8',
      'not_utf8',
      (url) => post(url, sealed(peer.options, '', now()).query, Buffer.from([0x3c, 0xff, 0xfe, 0x3e])),
    ],
  ];

  it.each(refused)('refuses a push that %s, counts it, and keeps nothing of it', async (_, code, send) => {
    const [before, seen] = [await stage.count(code), stage.inbound.length];
    const answer = await send(peer.options.url).catch(() => undefined);
    // Of what is cut off while it still talks, the sender may hear nothing.
    if (answer)
      expect([answer.status >= 400 && answer.status < 500, await answer.text()]).toEqual([true, code]);
    else expect(code).toBe('too_large');
    expect(await stage.count(code)).toBe(before + 1);
    expect(stage.inbound).toHaveLength(seen);
  });

  it('refuses another body under a signature that was used', async () => {
    const plain = await stage.officialAccount('plain-door', { encodingAesKey: '' });
    const first = plain.written(
      { FromUserName: 'o-eve', CreateTime: now(), MsgType: 'text', Content: 'one' },
      '71',
    );
    const second = first.replace('one', 'two').replace('71', '72');
    const { query } = sealed(plain.options, first, now());
    expect((await post(plain.options.url, query, first)).status).toBe(200);
    const before = await stage.count('replayed');
    const replayed = await post(plain.options.url, query, second);
    expect([replayed.status, await replayed.text()]).toEqual([403, 'replayed']);
    expect(await stage.count('replayed')).toBe(before + 1);
    expect(stage.messages('plain-door', 'o-eve').map(({ text }) => text)).toEqual(['one']);
    expect(query.signature).toBe(signatureOf(plain.options.token, query.timestamp!, query.nonce!));
  });
});
