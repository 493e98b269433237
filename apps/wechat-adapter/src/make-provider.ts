import type { ChannelHost } from '@yixian/channel';
import type { Account } from './account.ts';
import { officialAccountRules, wecomKfRules } from './budget/send-rules.ts';
import type { SendRules } from './budget/send-rules.ts';
import { OfficialAccount } from './official-account/official-account.ts';
import type { LinkTo } from './sending/text-and-files.ts';
import type { WechatSettings } from './settings.ts';
import { makePuppet } from './wechaty/make-puppet.ts';
import { wechatyBots } from './wechaty/wechaty-bot.ts';
import { WechatyProvider } from './wechaty/wechaty-provider.ts';
import { WecomKf } from './wecom-kf/wecom-kf.ts';
import type { MakeProvider } from './wechat-channel.ts';

export interface Around {
  settings: Pick<WechatSettings, 'WECHAT_API_URL' | 'WECOM_API_URL' | 'WECHATY_PUPPET'>;
  linkTo: LinkTo;
  /** Other rules than Tencent's, for tests of everything else. */
  rules?: SendRules;
}

/** Makes the provider that an account names. */
export function makeProvider({ settings, linkTo, rules }: Around): MakeProvider {
  return (account: Account, host: ChannelHost, all) => {
    const means = { host, linkTo };
    if (account.provider === 'wecom-kf')
      return new WecomKf(account, {
        ...means,
        apiUrl: bare(settings.WECOM_API_URL),
        rules: rules ?? wecomKfRules,
        sibling: (corpId, openKfId) =>
          all().find((one): one is WecomKf => one instanceof WecomKf && one.serves(corpId, openKfId)),
      });
    if (account.provider === 'wechaty')
      return new WechatyProvider(
        account,
        means,
        wechatyBots(() => makePuppet(account, settings.WECHATY_PUPPET)),
      );
    return new OfficialAccount(account, {
      ...means,
      apiUrl: bare(settings.WECHAT_API_URL),
      rules: rules ?? officialAccountRules,
    });
  };
}

const bare = (url: string): string => url.replace(/\/+$/, '');
