import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { AccountId, Address, ChannelName } from '@yixian/contracts';
import { newId, systemClock, timestamp } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { wecomPeer, wecomSettings } from '../../testing/wecom-world.ts';
import type { WecomPeer } from '../../testing/tencent/wecom-peer.ts';
import { WechatStage } from '../../testing/wechat-stage.ts';

jest.setTimeout(60_000);

let stage: WechatStage;
let peer: WecomPeer;
beforeAll(async () => {
  stage = await WechatStage.open();
  peer = wecomPeer({ url: `${stage.url}/wechat/kf` });
  stage.tencent.add('wecom', peer);
  const words = {
    welcome: '欢迎光临',
    handoverNotice: '为您转接同事',
    queueNotice: '正在排队，请稍候',
    survey: true,
  };
  await stage.account('kf', { ...wecomSettings(), ...words });
});
afterAll(() => stage?.close());

const to = (address: string) => ({ account: 'kf', address });
const ended = (id: Parameters<WechatStage['receipts']>[0], state: string, reason?: string) =>
  eventually(() => expect(stage.receipts(id)).toContainEqual({ state, reason }));
const seen = (address: string) => stage.messages('kf', address);

it('fetches what a callback announces, of every type, with its files', async () => {
  const id = 'wm-all';
  const media_id = peer.files.add({ content: Buffer.from('a voice'), name: 'v.amr', type: 'audio/amr' });
  const items: [string, Record<string, never>, object][] = [
    ['text', { content: '你好', menu_id: '7' }, { type: 'text', menuId: '7' }],
    ['voice', { media_id }, { type: 'voice', mediaId: media_id, format: 'amr' }],
    ['file', { media_id }, { type: 'file', mediaId: media_id }],
    ['image', { media_id: 'gone' }, { type: 'image', mediaId: 'gone', missing: 'expired' }],
    [
      'location',
      { latitude: 23.1, longitude: 113.3, name: '茶舍', address: '广州' },
      { type: 'location', latitude: 23.1, longitude: 113.3, name: '茶舍', label: '广州' },
    ],
    [
      'link',
      { title: 't', desc: 'd', url: 'https://u', pic_url: 'https://p' },
      { type: 'link', title: 't', description: 'd', url: 'https://u', thumbnailUrl: 'https://p' },
    ],
    ['business_card', { userid: 'zhang' }, { type: 'card', userId: 'zhang' }],
    [
      'miniprogram',
      { title: 'm', appid: 'wx1', pagepath: 'p', thumb_media_id: 'x' },
      { type: 'miniprogram', title: 'm', appId: 'wx1', pagePath: 'p', thumbMediaId: 'x' },
    ],
    [
      'channels_shop_product',
      { title: '红茶', sales_price: '90', product_id: '1' },
      { type: 'product', title: '红茶', price: '90', productId: '1' },
    ],
    [
      'channels_shop_order',
      { order_id: '9', product_titles: '红茶', state: '已付' },
      { type: 'order', orderId: '9', title: '红茶', state: '已付' },
    ],
    [
      'channels',
      { sub_type: 1, nickname: '茶', title: 'v' },
      { type: 'channels', kind: '1', nickname: '茶', title: 'v' },
    ],
    [
      'merged_msg',
      {
        title: '聊天记录',
        item: [
          { sender_name: '李', send_time: 1, msgtype: 'text', msg_content: '{"text":{"content":"一"}}' },
        ],
      },
      { type: 'merged', title: '聊天记录', items: [{ name: '李', at: 1, type: 'text', text: '一' }] },
    ],
    ['hologram', { depth: 3 }, { type: 'unknown', native: 'hologram', raw: expect.anything() }],
  ] as never;
  for (const [type, content] of items) await peer.says(id, type, content, { quiet: true });
  expect((await peer.call()).acknowledged).toBe(true);
  await eventually(() => expect(seen(id)).toHaveLength(items.length));
  expect(seen(id).map(({ payload }) => payload.wechat)).toEqual(items.map(([, , wechat]) => wechat));
  expect(
    seen(id)
      .map(({ attachments }) => attachments.length)
      .slice(0, 4),
  ).toEqual([0, 1, 1, 0]);
});

it('goes on page by page from where it was', async () => {
  peer.page = 3;
  for (let n = 0; n < 10; n++) await peer.says('wm-pages', 'text', { content: `n${n}` }, { quiet: true });
  await peer.call();
  await eventually(() =>
    expect(seen('wm-pages').map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, n) => `n${n}`)),
  );
  peer.page = 1000;
});

it('welcomes, says where the customer came from, and who it is', async () => {
  await peer.enters('wm-new', 'shop-window', 'poster-7');
  await eventually(() => expect(peer.customer('wm-new').texts).toEqual(['欢迎光临']));
  await eventually(() => expect(seen('wm-new')).toHaveLength(1));
  expect(seen('wm-new')[0]).toMatchObject({
    sender: { attributes: { source: 'shop-window', sourceDetail: 'poster-7' } },
    payload: {
      wechat: { type: 'event', event: 'enter_session', scene: 'shop-window', sceneParam: 'poster-7' },
    },
  });
  await eventually(() =>
    expect(stage.inbound).toContainEqual(
      expect.objectContaining({
        kind: 'identity.asserted',
        address: 'wm-new',
        sender: expect.objectContaining({
          name: '客户wm-new',
          claims: [expect.objectContaining({ value: 'wechat-union:shop:union-wm-new', verified: true })],
        }),
      }),
    ),
  );
});

it('keeps the session ours, within the budget, and sends each message once though Tencent falls silent', async () => {
  await peer.says('wm-ask', 'text', { content: 'a question' });
  stage.tencent.faults.add('kf/send_msg', 'late');
  await ended(await stage.reply(to('wm-ask'), 'an answer'), 'sent');
  expect(peer.customer('wm-ask').texts).toEqual(['an answer']);
  expect(peer.customer('wm-ask').state).toBe(1);
  for (let n = 0; n < 6; n++) await stage.reply(to('wm-ask'), `more ${n}`);
  await eventually(() =>
    expect(stage.allowance('wm-ask')).toMatchObject({ left: 0, reason: 'waits_for_customer' }),
  );
  await peer.says('wm-ask', 'text', { content: 'go on' });
  await eventually(() => expect(peer.customer('wm-ask').texts).toHaveLength(7));
  expect(peer.refusals).toEqual([]);
});

it('hands over to a person in WeCom, and does not speak beside them', async () => {
  await peer.says('wm-hand', 'text', { content: 'a person, please' });
  const wechat = { type: 'handover', userId: 'zhangsan' };
  await ended(await stage.reply(to('wm-hand'), '', { payload: { wechat } }), 'delivered');
  expect(peer.customer('wm-hand').state).toBe(3);
  expect(peer.customer('wm-hand').texts).toEqual(['为您转接同事']);
  await ended(await stage.reply(to('wm-hand'), 'one more thing'), 'failed', 'served_elsewhere');
});

it('hands over to the pool of WeCom with a word about the queue, which costs none of the five', async () => {
  await peer.says('wm-pool', 'text', { content: 'anybody, please' });
  for (const n of [1, 2, 3, 4, 5]) await ended(await stage.reply(to('wm-pool'), `answer ${n}`), 'sent');
  await ended(
    await stage.reply(to('wm-pool'), '', { payload: { wechat: { type: 'handover' } } }),
    'delivered',
  );
  expect(peer.customer('wm-pool').state).toBe(2);
  expect(peer.customer('wm-pool').texts.at(-1)).toBe('正在排队，请稍候');
  expect(peer.refusals).toEqual([]);
});

it('asks for a rating at the end, and takes the answer', async () => {
  await peer.says('wm-rate', 'text', { content: 'thanks' });
  await ended(await stage.reply(to('wm-rate'), 'you are welcome'), 'sent');
  const conversationId = newId<string>();
  const shown = {
    kind: 'conversation.shown',
    id: newId(),
    channel: 'wechat' as ChannelName,
    account: 'kf' as AccountId,
    address: 'wm-rate' as Address,
    conversationId,
    version: 9,
    state: 'closed',
    agentName: null,
    occurredAt: timestamp(systemClock),
  };
  await stage.command(shown);
  await eventually(() => expect(peer.customer('wm-rate').received).toHaveLength(2));
  expect(peer.customer('wm-rate').state).toBe(4);
  const menu = peer.customer('wm-rate').received[1]!.msgmenu as {
    list: { click: { id: string; content: string } }[];
  };
  await peer.says('wm-rate', 'text', {
    content: menu.list[1]!.click.content,
    menu_id: menu.list[1]!.click.id,
  });
  await eventually(() =>
    expect(stage.inbound).toContainEqual(
      expect.objectContaining({ kind: 'survey.answered', conversationId, score: 4, address: 'wm-rate' }),
    ),
  );
});

it('tells of a message that did not arrive after all', async () => {
  await peer.says('wm-fail', 'text', { content: 'hi' });
  const id = await stage.reply(to('wm-fail'), 'an answer');
  await ended(id, 'sent');
  const { msgid } = peer.customer('wm-fail').received[0]!;
  await peer.happens({
    event_type: 'msg_send_fail',
    external_userid: 'wm-fail',
    fail_msgid: msgid,
    fail_type: 10,
  });
  await ended(id, 'failed', 'refused_by_customer');
  expect(stage.receipts(id).map(({ state }) => state)).toEqual(['sent', 'failed']);
});

it('takes the callbacks of all accounts of its corp at one address', async () => {
  const second = wecomPeer({ url: `${stage.url}/wechat/kf` });
  second.options.openKfId = 'wk-second';
  stage.tencent.add('wecom', second);
  await stage.account('kf-2', { ...wecomSettings(), openKfId: 'wk-second' });
  await second.says('wm-second', 'text', { content: 'hello second' });
  await eventually(() => expect(stage.messages('kf-2', 'wm-second')).toHaveLength(1));
  stage.tencent.add('wecom', peer);
});

it('says how it stands: the credentials, which account serves, and when Tencent called', async () => {
  const says = async (id: string) =>
    (await stage.channel.stateOf({ id: id as AccountId, name: '', settings: {}, version: 1 })).map(
      ({ part, state, says: { en } }) => `${part} ${state}: ${en}`,
    );
  await peer.says('wm-calls', 'text', { content: 'hi' });
  expect(await says('kf')).toEqual([
    'token ok: Access token: accepted by Tencent',
    'account ok: Serves as 山岚茶舍',
    'callback ok: Last callback: less than a minute ago',
  ]);
  await stage.account('kf-other', { ...wecomSettings(), openKfId: 'wk-nobody' });
  expect(await says('kf-other')).toEqual([
    'token ok: Access token: accepted by Tencent',
    expect.stringMatching(/^account wrong: No such customer service account/),
    expect.stringMatching(/^callback warning: No callback from Tencent yet: .*\/wechat\/kf-other,/),
  ]);
});
