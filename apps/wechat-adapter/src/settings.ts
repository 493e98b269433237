import { z } from 'zod';

const base = (what: string, normal: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be a URL such as ${normal}` })
    .default(normal)
    .describe(what);

/** What the WeChat adapter reads from its environment. */
export const WechatSettings = z.object({
  WECHAT_API_URL: base(
    'API of official accounts. Another entry of Tencent, or a proxy.',
    'https://api.weixin.qq.com',
  ),
  WECOM_API_URL: base('API of WeCom. Another entry of Tencent, or a proxy.', 'https://qyapi.weixin.qq.com'),
  WECHATY_PUPPET: z
    .string()
    .optional()
    .describe('Puppet of Wechaty bots whose account names none, such as `wechaty-puppet-service`.'),
  WECHAT_SIMULATOR: z
    .enum(['auto', 'on', 'off'], 'must be auto, on or off')
    .default('auto')
    .describe('The page /simulator, for development, on this machine alone. auto: only without PUBLIC_URL.'),
});

export type WechatSettings = z.infer<typeof WechatSettings>;
