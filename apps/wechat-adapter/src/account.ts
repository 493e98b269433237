import type { AccountId, LocalText, Payload } from '@yixian/contracts';
import { z } from 'zod';

const said = (zh: string, en: string, zhHelp?: string, enHelp?: string) => ({
  'x-label': { 'zh-CN': zh, en } satisfies LocalText,
  ...(zhHelp && enHelp && { 'x-help': { 'zh-CN': zhHelp, en: enHelp } satisfies LocalText }),
});

const secret = (zh: string, en: string, zhHelp?: string, enHelp?: string) => ({
  ...said(zh, en, zhHelp, enHelp),
  'x-secret': true,
});

const called = (options: Record<string, [zh: string, en: string]>) => ({
  'x-options': Object.fromEntries(
    Object.entries(options).map(([value, [zh, en]]) => [value, { 'zh-CN': zh, en } satisfies LocalText]),
  ),
});

/** Shown only to accounts of these providers. */
const only = (...provider: string[]) => ({ 'x-when': { provider } });
const tencent = only('official-account', 'wecom-kf');
const officialAccount = only('official-account');
const wecom = only('wecom-kf');
const wechaty = only('wechaty');

const text = (longest = 200) => z.string().max(longest).default('');

/** The settings of an account: one service of Tencent, or one bot. */
export const WechatAccount = z.object({
  provider: z
    .enum(['official-account', 'wecom-kf', 'wechaty'])
    .default('official-account')
    .meta({
      ...said('接入方式', 'Provider'),
      ...called({
        'official-account': ['公众号（服务号、订阅号）', 'Official account'],
        'wecom-kf': ['微信客服（企业微信）', 'WeCom customer service'],
        wechaty: ['Wechaty 机器人', 'Wechaty bot'],
      }),
      // What an agent can do with a customer depends on it.
      'x-agents': true,
    }),
  appId: text(64).meta({ ...said('公众号 AppID', 'AppID of the official account'), ...officialAccount }),
  appSecret: text(128).meta({
    ...secret('公众号 AppSecret', 'AppSecret of the official account'),
    ...officialAccount,
  }),
  corpId: text(64).meta({
    ...said('企业 ID', 'Corp ID', '在企业微信后台“我的企业”中。', 'In the WeCom console, under My company.'),
    ...wecom,
  }),
  corpSecret: text(128).meta({ ...secret('微信客服 Secret', 'Secret of WeCom customer service'), ...wecom }),
  openKfId: text(64).meta({
    ...said(
      '客服账号 ID',
      'Customer service account',
      '后台“微信客服”中的 open_kfid。',
      'Its open_kfid, in the WeCom console under 微信客服.',
    ),
    ...wecom,
  }),
  token: text(64).meta({
    ...secret(
      '回调 Token',
      'Callback token',
      '与后台“服务器配置”中的 Token 一致。',
      'The same as in the console.',
    ),
    ...tencent,
  }),
  encodingAesKey: z
    .string()
    .regex(/^([a-zA-Z0-9]{43})?$/)
    .default('')
    .meta({
      ...secret(
        '消息加解密密钥 EncodingAESKey',
        'EncodingAESKey',
        '43 个字符。公众号明文模式留空；微信客服必填。',
        '43 characters. Empty for plain mode of an official account; WeCom needs it.',
      ),
      ...tencent,
    }),
  openPlatform: text(64).meta({
    ...said(
      '开放平台账号',
      'Open platform account',
      '同一开放平台下的账号共享 UnionID，可识别为同一客户。留空则不使用 UnionID。',
      'Accounts of one open platform share the UnionID of a customer. Empty: it is not used.',
    ),
    ...tencent,
  }),
  welcome: text(2000).meta({
    ...said('欢迎语', 'Welcome', '客户进入会话时发送。', 'Sent when a customer enters the conversation.'),
    ...wecom,
  }),
  handoverNotice: text(2000).meta({
    ...said(
      '转接提示',
      'Hand-over notice',
      '转给企业微信同事时发送。',
      'Sent when a colleague in WeCom takes over.',
    ),
    ...wecom,
  }),
  queueNotice: text(2000).meta({
    ...said(
      '排队提示',
      'Queue notice',
      '转入企业微信接待池排队时发送。',
      'Sent when a customer is handed to the pool of WeCom and waits there.',
    ),
    ...wecom,
  }),
  survey: z
    .boolean()
    .default(false)
    .meta({
      ...said(
        '结束后邀请评价',
        'Ask for a rating after closing',
        '会话结束时发送评价菜单。',
        'A menu is sent when a conversation is closed.',
      ),
      ...wecom,
    }),
  puppet: text(100).meta({
    ...said(
      'Wechaty Puppet',
      'Wechaty puppet',
      '例如 wechaty-puppet-service。留空使用 WECHATY_PUPPET。',
      'Such as wechaty-puppet-service. Empty: WECHATY_PUPPET.',
    ),
    ...wechaty,
  }),
  puppetToken: text(500).meta({ ...secret('Puppet Token', 'Puppet token'), ...wechaty }),
  puppetEndpoint: text(200).meta({
    ...said(
      'Puppet 地址',
      'Puppet endpoint',
      'host:port，直接连接网关。',
      'host:port, to reach a gateway directly.',
    ),
    ...wechaty,
  }),
  groups: z
    .enum(['off', 'mentioned', 'all'])
    .default('mentioned')
    .meta({
      ...said('群消息', 'Group messages', '接收哪些群消息。', 'Which are taken in.'),
      ...called({
        off: ['不接收', 'None'],
        mentioned: ['提到我的', 'Those that mention the bot'],
        all: ['全部', 'All'],
      }),
      ...wechaty,
    }),
  simulated: z
    .boolean()
    .default(false)
    .meta(
      said(
        '使用模拟微信',
        'Simulated',
        '仅用于开发：与 /simulator 页面中的模拟微信通信。',
        'For development: speaks with the simulated WeChat of /simulator.',
      ),
    ),
});
export type WechatAccount = z.infer<typeof WechatAccount>;

/** What each provider cannot do without. */
const needed: Record<WechatAccount['provider'], (keyof WechatAccount)[]> = {
  'official-account': ['appId', 'appSecret', 'token'],
  'wecom-kf': ['corpId', 'corpSecret', 'openKfId', 'token', 'encodingAesKey'],
  wechaty: [],
};

const isSecret = (name: keyof WechatAccount) => WechatAccount.shape[name].meta()?.['x-secret'] === true;

/** A secret that is kept comes back sealed: that it is there is all that can be asked of it. */
const conditionOf = ([provider, names]: [string, (keyof WechatAccount)[]]) => ({
  if: { properties: { provider: { const: provider } } },
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word
  then: {
    required: names,
    properties: Object.fromEntries(
      names.filter((name) => !isSecret(name)).map((name) => [name, { minLength: 1 }]),
    ),
  },
});

const described = z.toJSONSchema(WechatAccount, { io: 'input' }) as Payload;

/** As the channel announces it: the settings, and what each provider needs of them. */
export const wechatAccountSchema: Payload = {
  ...described,
  required: ['provider'],
  allOf: Object.entries(needed)
    .filter(([, names]) => names.length > 0)
    .map(conditionOf),
};

/** One account, with its secrets opened and its settings checked. */
export interface Account extends WechatAccount {
  id: AccountId;
  name: string;
}
