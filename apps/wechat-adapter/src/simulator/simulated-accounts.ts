import type { AccountId, ChannelName, Payload } from '@yixian/contracts';

const KEY = 'simulated0simulated1simulated2simulated3sim';

/** The one that a web chat can continue in. */
export const SIMULATED_OFFICIAL_ACCOUNT = 'wechat-demo' as AccountId;

/** Accounts with which WeChat can be tried without Tencent: an official account and one of WeCom customer service. */
export const simulatedAccounts: { id: AccountId; channel: ChannelName; name: string; settings: Payload }[] = [
  {
    id: SIMULATED_OFFICIAL_ACCOUNT,
    channel: 'wechat' as ChannelName,
    name: '山岚茶舍公众号',
    settings: {
      provider: 'official-account',
      appId: 'wx5151515151515151',
      appSecret: 'simulated-secret',
      token: 'simulated-token',
      encodingAesKey: KEY,
      openPlatform: 'simulated',
      simulated: true,
    },
  },
  {
    id: 'wechat-kf-demo' as AccountId,
    channel: 'wechat' as ChannelName,
    name: '山岚茶舍客服',
    settings: {
      provider: 'wecom-kf',
      corpId: 'ww5151515151515151',
      corpSecret: 'simulated-secret',
      openKfId: 'wk-simulated',
      token: 'simulated-token',
      encodingAesKey: KEY,
      welcome: '您好，欢迎来到山岚茶舍。',
      survey: true,
      simulated: true,
    },
  },
];
