import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AccountId } from '@yixian/contracts';
import { systemClock, timestamp } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { OfficialAccountPeer } from '../../testing/tencent/official-account-peer.ts';
import { WechatStage } from '../../testing/wechat-stage.ts';

jest.setTimeout(60_000);

let stage: WechatStage;
let peer: OfficialAccountPeer;
beforeAll(async () => {
  stage = await WechatStage.open({ env: { PUBLIC_URL: 'https://wechat.example.com' } });
  peer = await stage.officialAccount('shop');
});
afterAll(() => stage?.close());

const to = (address: string) => ({ account: 'shop', address });
const ended = (id: Parameters<WechatStage['receipts']>[0], state: string, reason?: string) =>
  eventually(() => expect(stage.receipts(id)).toContainEqual({ state, reason }));

describe('the send budget', () => {
  it('sends five of twenty replies to one message, says why the rest waits, and goes on when the customer writes', async () => {
    await peer.says('o-budget', 'text', { Content: 'one question' });
    await eventually(() => expect(stage.allowance('o-budget')).toMatchObject({ left: 5 }));
    const ids = [];
    for (let n = 0; n < 20; n++) ids.push(await stage.reply(to('o-budget'), `reply ${n}`));
    await eventually(() => expect(peer.follower('o-budget').texts).toHaveLength(5));
    await eventually(() =>
      expect(stage.allowance('o-budget')).toMatchObject({
        left: 0,
        reason: 'waits_for_customer',
        alternatives: ['template', 'notice'],
      }),
    );
    for (let written = 5; written < 20; written += 5) {
      await peer.says('o-budget', 'text', { Content: 'go on' });
      await eventually(() => expect(peer.follower('o-budget').texts).toHaveLength(written + 5));
    }
    for (const id of ids) await ended(id, 'sent');
    expect(peer.follower('o-budget').texts).toEqual(Array.from({ length: 20 }, (_, n) => `reply ${n}`));
    expect(peer.refusals).toEqual([]);
  });

  it('does not even ask Tencent when the window is closed', async () => {
    peer.follower('o-silent');
    const before = stage.tencent.requests.length;
    await ended(await stage.reply(to('o-silent'), 'anybody there?'), 'failed', 'window_closed');
    expect(stage.tencent.requests.slice(before)).toEqual([]);
    expect(stage.allowance('o-silent')).toMatchObject({ left: 0, reason: 'window_closed' });
  });

  it('lets three follow a menu, a scan or a subscription for a minute', async () => {
    await peer.says('o-menu', 'event', { Event: 'CLICK', EventKey: 'HELP' });
    for (let n = 0; n < 4; n++) await stage.reply(to('o-menu'), `help ${n}`);
    await eventually(() => expect(peer.follower('o-menu').texts).toHaveLength(3));
    await peer.says('o-menu', 'text', { Content: 'thanks' });
    await eventually(() => expect(peer.follower('o-menu').texts).toHaveLength(4));
    expect(peer.refusals).toEqual([]);
  });
});

describe('replies', () => {
  it('carry text, pictures, and what Tencent does not carry as a link in the text', async () => {
    await peer.says('o-files', 'text', { Content: 'send me all' });
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const picture = await stage.media.put(png, { name: 'tea.png' });
    const list = await stage.media.put(Buffer.from('%PDF-1.4 prices'), { name: '报价.pdf' });
    await ended(await stage.reply(to('o-files'), '您好', { attachments: [picture, list] }), 'sent');
    const [text, image] = peer.follower('o-files').received;
    expect(text).toMatchObject({
      msgtype: 'text',
      text: {
        content: expect.stringMatching(/^您好\n报价\.pdf https:\/\/wechat\.example\.com\/wechat-files\//),
      },
    });
    expect(peer.files.get((image!.image as { media_id: string }).media_id).content).toEqual(png);
  });

  it('carry cards and menus, and notices that are not bound to the window', async () => {
    await peer.says('o-cards', 'text', { Content: 'cards' });
    const news = {
      type: 'news',
      title: '新茶',
      description: '上市',
      url: 'https://shop.cn/tea',
      imageUrl: 'https://shop.cn/t.jpg',
    };
    const menu = { type: 'menu', head: '满意吗', items: [{ id: '1', text: '满意' }], tail: '' };
    for (const wechat of [news, menu])
      await ended(await stage.reply(to('o-cards'), '', { payload: { wechat } }), 'sent');
    expect(peer.follower('o-cards').received).toMatchObject([
      { msgtype: 'news', news: { articles: [{ title: '新茶', picurl: 'https://shop.cn/t.jpg' }] } },
      { msgtype: 'msgmenu', msgmenu: { head_content: '满意吗', list: [{ id: '1', content: '满意' }] } },
    ]);
    peer.follower('o-quiet');
    const template = { type: 'template', templateId: 'order-paid', data: { first: '已付款' } };
    const id = await stage.reply(to('o-quiet'), '', { payload: { wechat: template } });
    await ended(id, 'sent');
    const jobId = stage.inbound.findLast(
      (event) => event.kind === 'receipt.reported' && event.messageId === id,
    );
    await peer.says('o-quiet', 'event', {
      Event: 'TEMPLATESENDJOBFINISH',
      MsgID: (jobId as { nativeId: string }).nativeId,
      Status: 'failed:user block',
    });
    await ended(id, 'failed', 'refused_by_customer');
  });

  it('that make no sense are refused before anything is sent', async () => {
    await peer.says('o-odd', 'text', { Content: 'hello' });
    const odd = { type: 'news', title: '', url: 'javascript:alert(1)' };
    await ended(
      await stage.reply(to('o-odd'), '', { payload: { wechat: odd } }),
      'failed',
      'content_refused',
    );
    await ended(await stage.reply(to('o-odd'), 'long '.repeat(3000)), 'failed', 'too_many_parts');
    expect(peer.follower('o-odd').received).toEqual([]);
    await ended(await stage.reply(to('o-odd'), '很'.repeat(1500)), 'sent');
    expect(peer.follower('o-odd').texts.join('')).toBe('很'.repeat(1500));
  });
});

describe('when Tencent', () => {
  it('takes its token back, asks once for another', async () => {
    await peer.says('o-token', 'text', { Content: 'hi' });
    await ended(await stage.reply(to('o-token'), 'first'), 'sent');
    const asked = peer.tokens.asked;
    peer.tokens.revoke();
    await ended(await stage.reply(to('o-token'), 'second'), 'sent');
    expect(peer.tokens.asked).toBe(asked + 1);
    expect(peer.follower('o-token').texts).toEqual(['first', 'second']);
  });

  it.each([
    [48001, 'failed', 'not_permitted'],
    [40164, 'failed', 'ip_not_allowed'],
    [45015, 'failed', 'window_closed'],
    [87014, 'failed', 'content_refused'],
    [99999, 'failed', 'tencent_99999'],
    ['cut', 'unknown', 'provider_unreachable'],
    ['late', 'unknown', 'provider_unreachable'],
    ['nonsense', 'unknown', 'provider_unreachable'],
  ] as const)('answers %s, the message is %s: %s', async (fault, state, reason) => {
    const address = `o-fault-${fault}`;
    await peer.says(address, 'text', { Content: 'hi' });
    stage.tencent.faults.add('custom/send', fault);
    await ended(await stage.reply(to(address), 'an answer'), state, reason);
    expect(peer.follower(address).texts).toEqual(
      fault === 'late' || fault === 'nonsense' ? ['an answer'] : [],
    );
  });

  it('is busy, tries again', async () => {
    await peer.says('o-busy', 'text', { Content: 'hi' });
    stage.tencent.faults.add('custom/send', -1, 45011);
    await ended(await stage.reply(to('o-busy'), 'an answer'), 'sent');
    expect(peer.follower('o-busy').texts).toEqual(['an answer']);
  });
});

it('shows that an agent types, when Tencent allows that', async () => {
  const typing = (address: string) =>
    stage.signal({
      kind: 'typing',
      channel: 'wechat',
      account: 'shop',
      address,
      by: 'agent',
      at: timestamp(systemClock),
    });
  peer.follower('o-cold');
  await peer.says('o-warm', 'text', { Content: 'hi' });
  await typing('o-cold');
  for (const _ of [1, 2, 3]) await typing('o-warm');
  await eventually(() => expect(peer.follower('o-warm').typing).toBe(1));
  expect(peer.follower('o-cold').typing).toBe(0);
  expect(peer.refusals).toEqual([]);
});

it('says that nobody is reached who has left, until they come back', async () => {
  const undeliverable = () =>
    stage.inbound.flatMap((event) =>
      event.kind === 'address.reported' && event.address === 'o-left' && event.undeliverable !== undefined
        ? [event.undeliverable]
        : [],
    );
  await peer.says('o-left', 'event', { Event: 'unsubscribe', EventKey: '' });
  await eventually(() =>
    expect(undeliverable()).toEqual([expect.objectContaining({ reason: 'not_subscribed' })]),
  );
  await peer.says('o-left', 'event', { Event: 'subscribe', EventKey: '' });
  await eventually(() => expect(undeliverable().at(-1)).toBeNull());
});

describe('how an account stands', () => {
  const says = async (id: string) =>
    (await stage.channel.stateOf({ id: id as AccountId, name: '', settings: {}, version: 1 })).map(
      ({ part, state, says: { en } }) => `${part} ${state}: ${en}`,
    );

  it('says that nobody called yet, and when Tencent did', async () => {
    const mine = await stage.officialAccount('standing');
    expect(await says('standing')).toEqual([
      'token ok: Access token: accepted by Tencent',
      expect.stringMatching(/^callback warning: No callback from Tencent yet/),
    ]);
    await mine.says('o-calls', 'text', { Content: 'hi' });
    expect((await says('standing')).at(-1)).toBe('callback ok: Last callback: less than a minute ago');
  });

  it('says in words, and in Tencent’s own, why the credentials are refused', async () => {
    await stage.officialAccount('wrong-secret', { settings: { appSecret: 'not-this-one' } });
    expect((await says('wrong-secret'))[0]).toMatch(
      /^token wrong: Access token: the AppID, corp id or secret is wrong, or the secret was reset \(40125 /,
    );
    expect(await says('nobody')).toEqual(['account wrong: The account does not run: check its settings']);
  });
});
