import { called, HOURS, isTimeZone, said } from '@yixian/channel';
import type { AccountId, Payload, PublicSite } from '@yixian/contracts';
import { z } from 'zod';
import { inkOn, readableOn } from './colour.ts';

/** A page's origin, as Content-Security-Policy writes hosts: `https://shop.cn`, `https://*.shop.cn`, `http://localhost:*`. */
const ORIGIN = /^(\*|https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d{1,5}|\*))?)$/;

/** The id of an account of WeChat, or the address that Tencent calls for it. */
const WECHAT_DOOR = /^((https?:\/\/[\w.-]+(:\d{1,5})?\/wechat\/)?[a-z0-9][a-z0-9-]{0,63})?$/;

/** The panel's grounds, as in panel.css. */
const LIGHT = '#ffffff';
const DARK = '#171c24';

const asked = z.enum(['off', 'optional', 'required']).default('off');
const howAsked = called({
  off: ['不询问', 'No'],
  optional: ['选填', 'Optional'],
  required: ['必填', 'Required'],
});

function isKeySet(text: string): boolean {
  try {
    return text === '' || Array.isArray((JSON.parse(text) as { keys?: unknown }).keys);
  } catch {
    return false;
  }
}

/** The settings of a web site's chat: an account of this channel. */
export const SiteSettings = z.object({
  origins: z
    .array(z.string().max(253).regex(ORIGIN))
    .max(50)
    .default([])
    .meta(
      said(
        '允许的网站',
        'Allowed sites',
        '可嵌入聊天的网页来源，如 https://shop.cn、https://*.shop.cn。* 表示任何网站。',
        'Origins of pages that may embed the chat: https://shop.cn, https://*.shop.cn. * means any site.',
      ),
    ),
  title: z
    .string()
    .max(60)
    .default('')
    .meta(said('标题', 'Title', '留空则用账号名称。', 'Empty: the name of the account.')),
  color: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/)
    .default('#2459d6')
    .meta(said('主题色', 'Colour')),
  position: z
    .enum(['right', 'left'])
    .default('right')
    .meta({ ...said('位置', 'Position'), ...called({ right: ['右下', 'Right'], left: ['左下', 'Left'] }) }),
  locale: z
    .enum(['auto', 'zh-CN', 'en'])
    .default('auto')
    .meta({
      ...said('语言', 'Language'),
      ...called({ auto: ['跟随页面', 'As the page'], 'zh-CN': ['中文', '中文'], en: ['English', 'English'] }),
    }),
  theme: z
    .enum(['auto', 'light', 'dark'])
    .default('auto')
    .meta({
      ...said('明暗', 'Light or dark'),
      ...called({ auto: ['跟随系统', 'As the system'], light: ['浅色', 'Light'], dark: ['深色', 'Dark'] }),
    }),
  greeting: z
    .string()
    .max(300)
    .default('')
    .meta(
      said(
        '问候语',
        'Greeting',
        '访客停留一段时间后显示。',
        'Shown to visitors who have stayed for a while.',
      ),
    ),
  greetAfter: z
    .int()
    .min(0)
    .max(3600)
    .default(15)
    .meta(said('问候延迟（秒）', 'Greeting after (seconds)', '0 表示不显示。', '0: never.')),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'is not a time zone')
    .default('Asia/Shanghai')
    .meta(said('时区', 'Time zone')),
  hours: z
    .array(z.string().regex(HOURS))
    .max(50)
    .default([])
    .meta(
      said(
        '营业时间',
        'Business hours',
        '如 mon-fri 09:00-18:00。留空表示全天候。非营业时间访客可以留言。',
        'Such as mon-fri 09:00-18:00. Empty: always. Outside them visitors can leave a message.',
      ),
    ),
  askName: asked.meta({ ...said('询问称呼', 'Ask for the name'), ...howAsked }),
  askEmail: asked.meta({ ...said('询问邮箱', 'Ask for the e-mail address'), ...howAsked }),
  askPhone: asked.meta({ ...said('询问手机号', 'Ask for the phone number'), ...howAsked }),
  consent: z
    .string()
    .max(500)
    .default('')
    .meta(said('须同意的条款', 'Consent text', '留空表示不要求。', 'Empty: none is asked for.')),
  requireIdentity: z
    .boolean()
    .default(false)
    .meta(
      said(
        '仅限已登录客户',
        'Known customers only',
        '须由网站签发身份令牌。',
        'The site must sign an identity token.',
      ),
    ),
  identitySecret: z
    .union([z.literal(''), z.string().min(32).max(512)])
    .default('')
    .meta({
      ...said('身份密钥 (HS256)', 'Identity secret (HS256)', '至少 32 个字符。', 'At least 32 characters.'),
      'x-secret': true,
    }),
  identitySecretBefore: z
    .union([z.literal(''), z.string().min(32).max(512)])
    .default('')
    .meta({
      ...said(
        '上一个身份密钥',
        'Previous identity secret',
        '更换密钥期间仍然有效。',
        'Still good while the secret is changed.',
      ),
      'x-secret': true,
    }),
  identityKeys: z
    .string()
    .max(20_000)
    .refine(isKeySet, 'is not a JSON Web Key Set')
    .default('')
    .meta(
      said(
        '公钥 (JWKS)',
        'Public keys (JWKS)',
        'EdDSA 或 RS256 公钥的 JSON。',
        'JSON of the public keys for EdDSA or RS256.',
      ),
    ),
  wechat: z
    .string()
    .max(300)
    .regex(WECHAT_DOOR)
    .default('')
    .meta(
      said(
        '在微信中继续',
        'Continue in WeChat',
        '公众号账号的 ID；若微信接入在另一域名，则填其回调地址，如 https://wechat.shop.cn/wechat/ID。访客扫码后在微信中继续，两边记录合为一条。留空则不提供。',
        'The id of an official account, or its callback address where that lies on another host: https://wechat.shop.cn/wechat/ID. Visitors scan a QR code and go on in WeChat, in one timeline. Empty: not offered.',
      ),
    ),
  survey: z.boolean().default(true).meta(said('结束后邀请评价', 'Ask for a rating after closing')),
  uploadLimit: z
    .int()
    .min(0)
    .max(20)
    .default(20)
    .meta(said('文件上限 (MB)', 'Largest file (MB)', '0 表示不收文件。', '0: no files.')),
});
export type SiteSettings = z.infer<typeof SiteSettings>;

/** As the channel announces it to the desk. */
export const siteSettingsSchema = z.toJSONSchema(SiteSettings, { io: 'input' }) as Payload;

/** A web site whose visitors chat with us. */
export interface Site extends SiteSettings {
  id: AccountId;
  name: string;
}

/** What anybody may know of a site. */
export function publicSite(site: Site): PublicSite {
  return {
    site: site.id,
    title: site.title || site.name,
    color: site.color.toLowerCase(),
    inkOnColor: inkOn(site.color),
    colorOnLight: readableOn(LIGHT, site.color),
    colorOnDark: readableOn(DARK, site.color),
    position: site.position,
    locale: site.locale,
    theme: site.theme,
    greeting: site.greeting,
    greetAfter: site.greetAfter,
    consent: site.consent,
    wechat: site.wechat !== '',
  };
}

/** Where the official account's QR codes come from; the path alone means our own host. */
export function wechatDoor({
  wechat,
}: Pick<Site, 'wechat'>): { account: AccountId; url: string } | undefined {
  if (!wechat) return undefined;
  const account = wechat.slice(wechat.lastIndexOf('/') + 1) as AccountId;
  return { account, url: wechat.includes('/') ? wechat : `/wechat/${wechat}` };
}

/** Whether pages of `origin` may embed the chat of `site`. */
export function allowsOrigin(site: Pick<Site, 'origins'>, origin: string): boolean {
  return site.origins.some((allowed) => {
    if (allowed === '*') return true;
    const pattern = allowed
      .replace(/[.]/g, '\\.')
      .replace('://*\\.', '://([a-z0-9-]+\\.)+')
      .replace(/:\*$/, '(:\\d+)?');
    return new RegExp(`^${pattern}$`).test(origin.toLowerCase());
  });
}

/** Who may frame the panel: ourselves (demo, preview), and the site's own pages. */
export const frameAncestors = (site: Pick<Site, 'origins'>): string => ["'self'", ...site.origins].join(' ');

/** The other host that the panel shows pictures of, as a policy's source behind others; empty for none. */
export const pictureHost = (site: Pick<Site, 'wechat'>): string =>
  site.wechat.includes('/') ? ` ${new URL(site.wechat).origin}` : '';
