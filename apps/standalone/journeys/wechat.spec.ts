import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Accounts, conversationHub } from '@yixian/conversation-hub';
import { systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { startTestApps } from '@yixian/service/testing';
import { wechatAdapter, WechatChannel } from '@yixian/wechat-adapter';
import type { AccountId, ChannelName } from '@yixian/contracts';
import {
  AES_KEY,
  officialAccountPeer,
  officialAccountSettings,
} from '../../wechat-adapter/testing/official-account-world.ts';
import { FakeTencent } from '../../wechat-adapter/testing/tencent/fake-tencent.ts';
import type { OfficialAccountPeer } from '../../wechat-adapter/testing/tencent/official-account-peer.ts';
import { push } from '../../wechat-adapter/testing/tencent/push.ts';

jest.setTimeout(120_000);

const channel = 'wechat' as ChannelName;
let tencent: FakeTencent;
let running: Awaited<ReturnType<typeof startTestApps>>;

beforeAll(async () => {
  tencent = await FakeTencent.open();
  const env = { WECHAT_API_URL: tencent.urlOf('oa') };
  running = await startTestApps([conversationHub, wechatAdapter], { env });
});
afterAll(async () => {
  await running?.stop();
  await tencent?.close();
});

async function follow(id: string): Promise<OfficialAccountPeer> {
  const peer = officialAccountPeer({ url: `${running.url}/wechat/${id}`, encodingAesKey: AES_KEY });
  tencent.add('oa', peer);
  const settings = officialAccountSettings(AES_KEY);
  await running.get(Accounts).ensureAccount({ id: id as AccountId, channel, name: id, settings });
  await eventually(() => running.get(WechatChannel).provider(id as AccountId) !== undefined);
  return peer;
}

const entriesOf = (account: string) =>
  running.database.query<{
    address: string;
    text: string;
    seq: number;
    contact: string;
    conversation: string;
  }>(
    `select i.address, e.text, e.seq, e.contact_id as contact, e.conversation_id as conversation
     from hub.entry e join hub.conversation c on c.id = e.conversation_id join hub.identity i on i.id = c.identity_id
     where i.channel = 'wechat' and i.account = $1 and e.kind = 'message' order by e.conversation_id, e.seq`,
    [account],
  );

it('a new follower who writes 16 messages at once, each told up to three times, is one contact with one conversation', async () => {
  const peer = await follow('at-once');
  const texts = Array.from({ length: 16 }, (_, n) => `message ${n}`);
  const seconds = Math.floor(systemClock.now() / 1000);
  const pushes = texts.map((Content, n) =>
    peer.written(
      { ToUserName: 'gh', FromUserName: 'o-new', CreateTime: seconds, MsgType: 'text', Content },
      String(9_000_000_000_000_000_000n + BigInt(n)),
    ),
  );
  peer.follower('o-new');
  // Tencent asks again although it was answered, and in any order.
  const thrice = [...pushes, ...pushes.toReversed(), ...pushes];
  const answers = await Promise.all(thrice.map((message) => push(peer.options, message, systemClock)));
  expect(answers.every(({ acknowledged }) => acknowledged)).toBe(true);
  await eventually(async () => expect(await entriesOf('at-once')).toHaveLength(16));
  const entries = await entriesOf('at-once');
  expect(entries.map(({ text }) => text).toSorted()).toEqual(texts.toSorted());
  expect(new Set(entries.map(({ contact }) => contact)).size).toBe(1);
  expect(new Set(entries.map(({ conversation }) => conversation)).size).toBe(1);
  expect(entries.map(({ seq }) => Number(seq))).toEqual(texts.map((_, n) => n + 1));
});

it('what a follower writes one after the other stands in that order', async () => {
  const peer = await follow('in-order');
  const texts = Array.from({ length: 30 }, (_, n) => `line ${n}`);
  for (const Content of texts) await peer.says('o-steady', 'text', { Content });
  await eventually(async () => expect((await entriesOf('in-order')).map(({ text }) => text)).toEqual(texts));
  expect((await entriesOf('in-order')).map(({ seq }) => Number(seq))).toEqual(texts.map((_, n) => n + 1));
});

it('the same person on two accounts of one open platform has one timeline', async () => {
  for (const account of ['first-shop', 'second-shop']) {
    const peer = await follow(account);
    await peer.says('o-twice', 'text', { Content: `hello ${account}` });
    await eventually(async () => expect(await entriesOf(account)).toHaveLength(1));
    await eventually(async () => {
      const [known] = await running.database.query(
        `select 1 from hub.identity where account = $1 and claims::text like '%wechat-union:shop:union-o-twice%'`,
        [account],
      );
      return known !== undefined;
    });
  }
  await eventually(async () => {
    const entries = [...(await entriesOf('first-shop')), ...(await entriesOf('second-shop'))];
    expect(new Set(entries.map(({ contact }) => contact)).size).toBe(1);
  });
});
