import type { ChannelHost } from '@yixian/channel';
import type { Account } from './account.ts';
import { officialAccountRules } from './budget/send-rules.ts';
import type { SendRules } from './budget/send-rules.ts';
import { OfficialAccount } from './official-account/official-account.ts';
import type { LinkTo } from './sending/text-and-files.ts';
import type { WechatSettings } from './settings.ts';
import type { MakeProvider } from './wechat-channel.ts';

export interface Around {
  settings: Pick<WechatSettings, 'WECHAT_API_URL' | 'WECOM_API_URL' | 'WECHATY_PUPPET'>;
  linkTo: LinkTo;
  /** Other rules than Tencent's, for tests of everything else. */
  rules?: SendRules;
}

/** Makes the provider that an account names. */
export function makeProvider({ settings, linkTo, rules }: Around): MakeProvider {
  return (account: Account, host: ChannelHost) =>
    new OfficialAccount(account, {
      host,
      apiUrl: settings.WECHAT_API_URL.replace(/\/+$/, ''),
      rules: rules ?? officialAccountRules,
      linkTo,
    });
}
