import { randomBytes } from 'node:crypto';
import type { ChannelUnderTest } from '@yixian/channel/testing';
import { systemClock } from '@yixian/contracts';
import { noRules } from '../src/budget/send-rules.ts';
import { makeProvider } from '../src/make-provider.ts';
import { WechatChannel } from '../src/wechat-channel.ts';
import { FakeTencent } from './tencent/fake-tencent.ts';
import { OfficialAccountPeer } from './tencent/official-account-peer.ts';
import { sealed } from './tencent/push.ts';

/** 43 characters, made up. */
export const AES_KEY = 'Yixian0Yixian1Yixian2Yixian3Yixian4Yixian5Y';

const keys = {
  receiver: 'wx0123456789abcdef',
  appSecret: 'a-secret-of-the-account',
  token: 'callback-token',
};

export function officialAccountSettings(encodingAesKey: string): Record<string, string> {
  return {
    provider: 'official-account',
    appId: keys.receiver,
    appSecret: keys.appSecret,
    token: keys.token,
    encodingAesKey,
    openPlatform: 'shop',
  };
}

export function officialAccountPeer(
  of: { url?: string; encodingAesKey?: string; format?: 'xml' | 'json'; enforces?: boolean } = {},
): OfficialAccountPeer {
  return new OfficialAccountPeer({
    ...keys,
    url: '',
    encodingAesKey: AES_KEY,
    format: 'xml',
    clock: systemClock,
    ...of,
  });
}

/** An official account with its followers, for the suite, where customers may be written to at any time. */
export async function officialAccountWorld(): Promise<ChannelUnderTest<WechatChannel>> {
  const tencent = await FakeTencent.open();
  const peer = officialAccountPeer({ enforces: false });
  const apiUrl = tencent.add('oa', peer);
  const settings = { WECHAT_API_URL: apiUrl, WECOM_API_URL: apiUrl, WECHATY_PUPPET: undefined };
  return {
    channel: () =>
      new WechatChannel(
        makeProvider({ settings, linkTo: () => undefined, bindKey: randomBytes(32), rules: noRules }),
      ),
    settings: () => officialAccountSettings(AES_KEY),
    async write(channel, { account, address, nativeId, text }) {
      const seconds = Math.floor(systemClock.now() / 1000);
      const fields = {
        FromUserName: address,
        CreateTime: seconds,
        MsgType: 'text',
        Content: text,
        MsgId: nativeId,
      };
      const { query, body } = sealed(peer.options, peer.written(fields), seconds);
      try {
        return (await channel.callbacks(account).push(query, Buffer.from(body))) === 'success'
          ? 'acknowledged'
          : 'again';
      } catch {
        return 'again';
      }
    },
    arrived: (address) => peer.follower(address).texts,
    close: () => tencent.close(),
  };
}
