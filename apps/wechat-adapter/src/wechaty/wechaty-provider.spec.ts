import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ChannelHost, Received, ReceiveOutcome } from '@yixian/channel';
import { channelSuite } from '@yixian/channel/testing';
import { newId, systemClock, timestamp } from '@yixian/contracts';
import type { AccountId, Address, ChannelName, SendMessage } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { Gateway, MockedWechat } from '../../testing/puppet-service.ts';
import { simulatorWorld } from '../../testing/simulator-world.ts';
import { WechatAccount } from '../account.ts';
import type { Account } from '../account.ts';
import type { BuildBot } from './bot.ts';
import { BOT, SimulatedWechat } from './simulator/simulated-wechat.ts';
import { SimulatorPuppet } from './simulator/simulator-puppet.ts';
import { wechatyBots } from './wechaty-bot.ts';
import { WechatyProvider } from './wechaty-provider.ts';

jest.setTimeout(60_000);

const running: WechatyProvider[] = [];
afterEach(async () => {
  for (const provider of running.splice(0)) await provider.stop();
});

/** A provider with what its host was handed. */
async function aProvider(build: BuildBot, settings: Partial<Account> = {}) {
  const received: Received[] = [];
  const logged: unknown[] = [];
  const down = { now: false };
  const host = {
    clock: systemClock,
    log: (...line: unknown[]) => void logged.push(line),
    media: { put: async (content: Buffer, { name }: { name: string }) => ({ name, size: content.length }) },
  } as unknown as ChannelHost;
  const account: Account = {
    ...WechatAccount.parse({ provider: 'wechaty' }),
    id: 'bots' as AccountId,
    name: 'x',
    ...settings,
  };
  const provider = new WechatyProvider(account, { host }, build);
  running.push(provider);
  await provider.start(async (one): Promise<ReceiveOutcome> => {
    if (down.now) return { accepted: false, retry: true };
    received.push(one);
    return { accepted: true, id: newId(), duplicate: false };
  });
  return { provider, received, down, logged };
}

const simulated = async (settings: Partial<Account> = {}) => {
  const wechat = new SimulatedWechat(systemClock);
  return {
    wechat,
    ...(await aProvider(
      wechatyBots(async () => new SimulatorPuppet(wechat)),
      settings,
    )),
  };
};

const reply = (address: string, text: string): SendMessage => ({
  kind: 'message.send',
  id: newId(),
  channel: 'wechat' as ChannelName,
  account: 'bots' as AccountId,
  address: address as Address,
  conversationId: newId(),
  author: { kind: 'agent' },
  text,
  attachments: [],
  payload: {},
  createdAt: timestamp(systemClock),
});

describe('in a simulated WeChat', () => {
  it('hears every type, with its file', async () => {
    const { wechat, received } = await simulated();
    wechat.people.set('li', '李');
    const file = { name: 'x.silk', content: Buffer.from('sound') };
    const location = { accuracy: 1, address: '广州', latitude: 23, longitude: 113, name: '茶舍' };
    const says = [
      { text: '「王：多少钱」\n- - - - - -\n九十' },
      { type: 'Image', file: { ...file, name: 'x.png' } },
      { type: 'Audio', file },
      { type: 'Video', file: { ...file, name: 'x.mp4' } },
      { type: 'Attachment', file: { ...file, name: '报价.xlsx' } },
      { type: 'Unknown', file: { ...file, name: 'x.bin' } },
      { type: 'Url', url: { title: '茶', url: 'https://shop.cn' } },
      { type: 'Location', location },
      { type: 'MiniProgram', miniProgram: { title: '订单', appid: 'wx1' } },
      { type: 'Contact', card: 'li' },
      { type: 'Recalled', text: 'sim-1' },
      { type: 'RedEnvelope' },
    ];
    for (const one of says) wechat.say({ from: 'li', ...one });
    await eventually(() => expect(received).toHaveLength(says.length));
    const types = received.map(({ payload }) => payload!.wechat);
    expect(types).toEqual([
      { type: 'text', quote: { from: '王', text: '多少钱' } },
      { type: 'image' },
      { type: 'voice', format: 'silk' },
      { type: 'video' },
      { type: 'file', title: '报价.xlsx' },
      { type: 'file', title: 'x.bin' },
      { type: 'link', title: '茶', url: 'https://shop.cn' },
      { type: 'location', latitude: 23, longitude: 113, name: '茶舍', label: '广州' },
      { type: 'miniprogram', title: '订单', appId: 'wx1' },
      { type: 'card', userId: 'li', name: '李' },
      { type: 'recalled', of: 'sim-1' },
      { type: 'unknown', native: 'RedEnvelope' },
    ]);
    expect(received.map(({ attachments }) => attachments.length)).toEqual([
      0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
    ]);
    expect(received[0]).toMatchObject({ address: 'li', sender: { name: '李' }, text: '九十' });
  });

  it('hears of groups what mentions it, or all, or nothing', async () => {
    for (const [groups, texts] of [
      ['mentioned', ['for you', '@小茶 hello']],
      ['all', ['among us', 'for you', '@小茶 hello']],
      ['off', []],
    ] as const) {
      const { wechat, received } = await simulated({ groups });
      wechat.rooms.set('r1', { topic: '茶友', members: ['li', BOT] });
      wechat.say({ from: 'li', room: 'r1', text: 'among us' });
      wechat.say({ from: 'li', room: 'r1', text: 'for you', mentions: [BOT] });
      wechat.say({ from: 'li', room: 'r1', text: '@小茶 hello' });
      wechat.say({ from: 'li', text: 'in private' });
      await eventually(() => expect(received.map(({ text }) => text)).toContain('in private'));
      expect(received.filter(({ address }) => address === 'room:r1').map(({ text }) => text)).toEqual(texts);
    }
  });

  it('takes what is told twice once, and goes on where the host was away, in order', async () => {
    const { wechat, received, down } = await simulated();
    wechat.faults.push('duplicate');
    wechat.say({ from: 'li', text: 'twice' });
    await eventually(() => expect(received).toHaveLength(1));
    down.now = true;
    for (let n = 0; n < 5; n++) wechat.say({ from: 'li', text: `n${n}` });
    wechat.say({ from: 'mo', text: 'another' });
    down.now = false;
    await eventually(() => expect(received).toHaveLength(7));
    expect(received.filter(({ address }) => address === 'li').map(({ text }) => text)).toEqual([
      'twice',
      'n0',
      'n1',
      'n2',
      'n3',
      'n4',
    ]);
  });

  it('answers people and groups, with the ids that the puppet gives', async () => {
    const { wechat, provider } = await simulated();
    const sent = await provider.send(reply('li', 'hello'));
    await provider.send(reply('room:r1', 'hello all'));
    expect(wechat.saidTo('li').map(({ id, text }) => [id, text])).toEqual([[sent.nativeId, 'hello']]);
    expect(wechat.saidTo('r1').map(({ text }) => text)).toEqual(['hello all']);
  });

  it('comes back with a new bot when it is logged out', async () => {
    const { wechat, provider, received } = await simulated();
    const first = provider.supervisor.online;
    wechat.logOut('another phone');
    await eventually(() => expect(provider.supervisor.online).toBeUndefined());
    await expect(provider.send(reply('li', 'now?'))).rejects.toMatchObject({
      code: 'not_logged_in',
      certain: true,
    });
    await eventually(() => expect(provider.supervisor.online).toBeDefined());
    expect(provider.supervisor.online).not.toBe(first);
    wechat.say({ from: 'li', text: 'again' });
    await eventually(() => expect(received.map(({ text }) => text)).toEqual(['again']));
  });
});

it('shows the code that has to be scanned, and who is logged in then; the log keeps no code', async () => {
  const { wechat, provider, logged } = await simulated();
  expect(await provider.standing()).toEqual([
    expect.objectContaining({ state: 'ok', says: { 'zh-CN': '已登录：小茶', en: 'Logged in as 小茶' } }),
  ]);
  wechat.requireScan();
  const code = wechat.loginCode;
  await eventually(async () =>
    expect(await provider.standing()).toEqual([expect.objectContaining({ part: 'login', scan: code })]),
  );
  expect(JSON.stringify(logged)).not.toContain(code);
  wechat.scan();
  await eventually(async () => expect(await provider.standing()).toMatchObject([{ state: 'ok' }]));
  expect((await provider.standing())[0]).not.toHaveProperty('scan');
});

describe('by wechaty-puppet-mock', () => {
  it('hears and answers', async () => {
    const wechat = new MockedWechat();
    const { provider, received } = await aProvider(wechatyBots(async () => wechat.puppet() as never));
    wechat.person('li');
    for (const text of ['one', 'two', 'three']) wechat.say({ from: 'li', text });
    await eventually(() => expect(received.map(({ text }) => text)).toEqual(['one', 'two', 'three']));
    await provider.send(reply('li', 'hello'));
    await eventually(() => expect(wechat.arrived.get('li')).toEqual(['hello']));
  });
});

describe('by a gateway over gRPC', () => {
  it('hears and answers, and is back within five seconds after the gateway was killed and started again', async () => {
    const wechat = new MockedWechat();
    const gateway = await Gateway.open(() => wechat.puppet() as never);
    const { provider, received } = await aProvider(wechatyBots(() => gateway.client()));
    try {
      await eventually(() => expect(provider.supervisor.online).toBeDefined());
      wechat.say({ from: 'li', text: 'before' });
      await eventually(() => expect(received.map(({ text }) => text)).toEqual(['before']));
      await provider.send(reply('li', 'hello'));
      await eventually(() => expect(wechat.arrived.get('li')).toEqual(['hello']));
      await gateway.kill();
      await eventually(() => expect(provider.supervisor.online).toBeUndefined());
      await gateway.start();
      const began = systemClock.monotonic();
      await eventually(() => expect(provider.supervisor.online).toBeDefined());
      expect(systemClock.monotonic() - began).toBeLessThan(5_000);
      wechat.say({ from: 'li', text: 'after' });
      await eventually(() => expect(received.map(({ text }) => text)).toEqual(['before', 'after']));
    } finally {
      await provider.stop();
      await gateway.kill();
    }
  });
});

channelSuite('a Wechaty bot', simulatorWorld);
