import type { ChannelHost } from '@yixian/channel';
import type { Account } from './account.ts';
import { officialAccountRules, wecomKfRules } from './budget/send-rules.ts';
import type { SendRules } from './budget/send-rules.ts';
import { OfficialAccount } from './official-account/official-account.ts';
import type { LinkTo } from './sending/text-and-files.ts';
import type { Simulator } from './simulator/simulator.ts';
import type { WechatSettings } from './settings.ts';
import { makePuppet, simulatorPuppet } from './wechaty/make-puppet.ts';
import { wechatyBots } from './wechaty/wechaty-bot.ts';
import { WechatyProvider } from './wechaty/wechaty-provider.ts';
import { WecomKf } from './wecom-kf/wecom-kf.ts';
import type { MakeProvider } from './wechat-channel.ts';

export interface Around {
  settings: Pick<WechatSettings, 'WECHAT_API_URL' | 'WECOM_API_URL' | 'WECHATY_PUPPET'>;
  linkTo: LinkTo;
  /** Signs the codes that bind a customer of another channel. */
  bindKey: Buffer;
  /** Other rules than Tencent's, for tests of everything else. */
  rules?: SendRules;
  /** Where simulated accounts live. */
  simulator?: Simulator | undefined;
}

/** Makes the provider that an account names. */
export function makeProvider({ settings, linkTo, bindKey, rules, simulator }: Around): MakeProvider {
  return (account: Account, host: ChannelHost, all) => {
    const means = { host, linkTo };
    if (account.simulated && !simulator) throw new Error('The simulator is off: see WECHAT_SIMULATOR.');
    const simulated = account.simulated ? simulator?.connect(account) : undefined;
    if (account.provider === 'wecom-kf')
      return new WecomKf(account, {
        ...means,
        apiUrl: simulated ?? bare(settings.WECOM_API_URL),
        rules: rules ?? wecomKfRules,
        sibling: (corpId, openKfId) =>
          all().find((one): one is WecomKf => one instanceof WecomKf && one.serves(corpId, openKfId)),
      });
    if (account.provider === 'wechaty') {
      const wechat = account.simulated ? simulator?.wechat : undefined;
      const puppet = () => (wechat ? simulatorPuppet(wechat) : makePuppet(account, settings.WECHATY_PUPPET));
      return new WechatyProvider(account, means, wechatyBots(puppet));
    }
    return new OfficialAccount(account, {
      ...means,
      bindKey,
      apiUrl: simulated ?? bare(settings.WECHAT_API_URL),
      rules: rules ?? officialAccountRules,
    });
  };
}

const bare = (url: string): string => url.replace(/\/+$/, '');
