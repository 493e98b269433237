import { randomBytes } from 'node:crypto';
import type { ChannelUnderTest } from '@yixian/channel/testing';
import { systemClock } from '@yixian/contracts';
import { noRules } from '../src/budget/send-rules.ts';
import { makeProvider } from '../src/make-provider.ts';
import { WechatChannel } from '../src/wechat-channel.ts';
import { AES_KEY } from './official-account-world.ts';
import { FakeTencent } from './tencent/fake-tencent.ts';
import { sealed } from './tencent/push.ts';
import { WecomPeer } from './tencent/wecom-peer.ts';

const keys = {
  receiver: 'wwcorp0123456789',
  corpSecret: 'a-secret-of-the-corp',
  openKfId: 'wk-tea-house',
  token: 'callback-token',
  encodingAesKey: AES_KEY,
};

export const wecomSettings = (): Record<string, string> => ({
  provider: 'wecom-kf',
  corpId: keys.receiver,
  corpSecret: keys.corpSecret,
  openKfId: keys.openKfId,
  token: keys.token,
  encodingAesKey: AES_KEY,
  openPlatform: 'shop',
});

export const wecomPeer = (of: { url?: string; enforces?: boolean } = {}): WecomPeer =>
  new WecomPeer({ ...keys, url: '', format: 'xml', clock: systemClock, ...of });

/** WeCom customer service with its customers, for the suite, where they may be written to at any time. */
export async function wecomWorld(): Promise<ChannelUnderTest<WechatChannel>> {
  const tencent = await FakeTencent.open();
  const peer = wecomPeer({ enforces: false });
  const apiUrl = tencent.add('wecom', peer);
  const settings = { WECHAT_API_URL: apiUrl, WECOM_API_URL: apiUrl, WECHATY_PUPPET: undefined };
  return {
    channel: () =>
      new WechatChannel(
        makeProvider({ settings, linkTo: () => undefined, bindKey: randomBytes(32), rules: noRules }),
      ),
    settings: wecomSettings,
    async write(channel, { account, address, nativeId, text }) {
      await peer.says(address, 'text', { content: text }, { msgId: nativeId, quiet: true });
      const seconds = Math.floor(systemClock.now() / 1000);
      const { query, body } = sealed(peer.options, peer.callMessage(), seconds);
      try {
        return (await channel.callbacks(account).push(query, Buffer.from(body))) === 'success'
          ? 'acknowledged'
          : 'again';
      } catch {
        return 'again';
      }
    },
    arrived: (address) => peer.customer(address).texts,
    close: () => tencent.close(),
  };
}
