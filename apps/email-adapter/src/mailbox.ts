import { called, HOURS, isTimeZone, said } from '@yixian/channel';
import type { AccountSettings } from '@yixian/channel';
import type { AccountId, Payload } from '@yixian/contracts';
import { z } from 'zod';

const ADDRESS = /^[^\s<>,;:"()[\]\\@]+@[a-z0-9.-]+$/i;
const ALIAS = /^([^\s<>,;:"()[\]\\@]+|\*)@[a-z0-9.-]+$/i;
const SENDER = /^([^\s<>,;:"()[\]\\@]+)?@[a-z0-9.-]+$/i;

const security = z.enum(['tls', 'starttls', 'none']);
const securities = called({
  tls: ['TLS', 'TLS'],
  starttls: ['STARTTLS', 'STARTTLS'],
  none: ['不加密', 'None'],
});
const text = (max = 320) => z.string().max(max).default('');
const port = (normal: number) => z.int().min(1).max(65535).default(normal);
const secret = (max = 1000) => text(max);

const Imap = z.object({
  host: text(253).meta(
    said('IMAP 服务器', 'IMAP server', '留空则不收取，如 imap.qq.com', 'Empty: none. Such as imap.gmail.com'),
  ),
  port: port(993).meta(said('IMAP 端口', 'IMAP port')),
  security: security.default('tls').meta({ ...said('IMAP 加密', 'IMAP encryption'), ...securities }),
  user: text().meta(said('IMAP 用户名', 'IMAP user', '留空则用邮箱地址。', 'Empty: the address.')),
  password: secret().meta({
    ...said(
      'IMAP 密码',
      'IMAP password',
      'QQ、163、Gmail 等须用授权码或应用专用密码。',
      'QQ, 163, Gmail and others want an app password.',
    ),
    'x-secret': true,
  }),
  folders: z
    .array(z.string().min(1).max(255))
    .max(20)
    .default(['INBOX'])
    .meta(said('收取的文件夹', 'Folders')),
  history: z
    .enum(['none', 'all'])
    .default('none')
    .meta({
      ...said('首次连接时', 'At the first connection'),
      ...called({
        none: ['只收之后的新邮件', 'Take what comes from then on'],
        all: ['收取已有的全部邮件', 'Take everything that is there'],
      }),
    }),
  processed: text(255).meta(
    said('处理后移至', 'Move processed to', '留空则留在原处。', 'Empty: mails stay where they are.'),
  ),
  authservId: text(253).meta(
    said(
      '认证结果标识',
      'Authserv-id',
      '邮箱服务商写入 Authentication-Results 的名称，如 mx.google.com；留空则自行验证。',
      'The name under which the provider writes Authentication-Results, such as mx.google.com. Empty: we check ourselves.',
    ),
  ),
  failed: text(255).meta(
    said('无法解析的移至', 'Move what cannot be read to', '留空则留在原处。', 'Empty: it stays.'),
  ),
});

const Smtp = z.object({
  host: text(253).meta(
    said(
      'SMTP 服务器',
      'SMTP server',
      '留空则不真正发出，只进入发件预览。',
      'Empty: nothing leaves; mails go to the outbox preview.',
    ),
  ),
  port: port(465).meta(said('SMTP 端口', 'SMTP port')),
  security: security.default('tls').meta({ ...said('SMTP 加密', 'SMTP encryption'), ...securities }),
  user: text().meta(said('SMTP 用户名', 'SMTP user', '留空则不登录。', 'Empty: no login.')),
  password: secret().meta({ ...said('SMTP 密码', 'SMTP password'), 'x-secret': true }),
});

const OAuth = z.object({
  provider: z
    .enum(['none', 'google', 'microsoft', 'other'])
    .default('none')
    .meta({
      ...said(
        'OAuth 2 登录',
        'OAuth 2 login',
        '代替密码登录 IMAP 与 SMTP。',
        'Instead of passwords for IMAP and SMTP.',
      ),
      ...called({
        none: ['不使用', 'None'],
        google: ['Gmail', 'Gmail'],
        microsoft: ['Microsoft 365', 'Microsoft 365'],
        other: ['其他', 'Other'],
      }),
    }),
  clientId: text(500).meta(said('客户端 ID', 'Client id')),
  clientSecret: secret(2000).meta({ ...said('客户端密钥', 'Client secret'), 'x-secret': true }),
  refreshToken: secret(8000).meta({ ...said('刷新令牌', 'Refresh token'), 'x-secret': true }),
  tokenUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)])
    .default('')
    .meta(said('令牌地址', 'Token URL', '留空则用服务商的。', "Empty: the provider's own.")),
});

const AutoReply = z.object({
  when: z
    .enum(['off', 'always', 'closed'])
    .default('off')
    .meta({
      ...said('自动回复', 'Automatic reply'),
      ...called({
        off: ['关闭', 'Off'],
        always: ['总是', 'Always'],
        closed: ['非营业时间', 'Outside business hours'],
      }),
    }),
  subject: z
    .string()
    .max(200)
    .regex(/^[^\r\n]*$/)
    .default('')
    .meta(
      said(
        '自动回复主题',
        'Its subject',
        '留空则为“自动回复：”加原主题。',
        'Empty: “Auto:” and the subject.',
      ),
    ),
  text: text(10_000).meta(said('自动回复内容', 'Its text')),
  perHour: z.int().min(1).max(60).default(2).meta(said('每小时每人最多', 'At most per sender and hour')),
});

const Dkim = z.object({
  selector: z
    .string()
    .max(63)
    .regex(/^[a-z0-9._-]*$/i)
    .default('')
    .meta(said('DKIM 选择器', 'DKIM selector', '留空则不签名。', 'Empty: mails are not signed.')),
  key: secret(10_000).meta({ ...said('DKIM 私钥 (PEM)', 'DKIM private key (PEM)'), 'x-secret': true }),
});

/** The settings of a mailbox: an account of this channel. */
export const MailboxSettings = z.object({
  address: z
    .string()
    .max(320)
    .regex(ADDRESS)
    .meta({
      ...said('邮箱地址', 'Address', '客户写信的地址。', 'Where customers write to.'),
      'x-agents': true,
    }),
  aliases: z
    .array(z.string().max(320).regex(ALIAS))
    .max(200)
    .default([])
    .meta({
      ...said('其他地址', 'Other addresses', '*@shop.cn 表示整个域名。', '*@shop.cn means the whole domain.'),
      'x-agents': true,
    }),
  senderName: z
    .string()
    .max(200)
    .regex(/^[^\r\n]*$/)
    .default('')
    .meta(said('发件人名称', "Sender's name", '留空则用账号名称。', 'Empty: the name of the account.')),
  signature: text(5000).meta({
    ...said('签名', 'Signature', '纯文本，加在每封回复之后。', 'Plain text, below each reply.'),
    'x-agents': true,
  }),
  imap: Imap.prefault({}).meta(said('收信 (IMAP)', 'Receiving (IMAP)')),
  smtp: Smtp.prefault({}).meta(said('发信 (SMTP)', 'Sending (SMTP)')),
  oauth: OAuth.prefault({}).meta(said('OAuth 登录', 'Login by OAuth')),
  dkim: Dkim.prefault({}).meta(said('DKIM 签名', 'DKIM signature')),
  replyToken: z
    .enum(['auto', 'always', 'never'])
    .default('auto')
    .meta({
      ...said(
        '回信标记地址',
        'Token in the reply address',
        '回信地址形如 support+标记@，无论客户如何回复都能归到原会话。邮箱须支持加号地址。',
        'Replies go to support+token@, so that they find their conversation whatever the customer’s program does. The mailbox must take plus addresses.',
      ),
      ...called({
        auto: ['经内置收信服务时使用', 'When mails come by the built-in receiver'],
        always: ['总是', 'Always'],
        never: ['从不', 'Never'],
      }),
    }),
  subjectNumber: z
    .boolean()
    .default(false)
    .meta(said('主题中加会话编号', 'Number in the subject', '如 [#7K2M9QX4]', 'Such as [#7K2M9QX4]')),
  forwarders: z
    .array(z.string().max(320).regex(SENDER))
    .max(100)
    .default([])
    .meta(
      said(
        '转发人',
        'Forwarders',
        '这些地址（或 @域名）转来的邮件，以原发件人为客户。',
        'Of mails forwarded by these addresses (or @domains) the original sender is the customer.',
      ),
    ),
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
        '如 mon-fri 09:00-18:00。留空表示全天候。',
        'Such as mon-fri 09:00-18:00. Empty: always.',
      ),
    ),
  autoReply: AutoReply.prefault({}).meta(said('自动回复', 'Automatic reply')),
});
export type MailboxSettings = z.infer<typeof MailboxSettings>;

/** As the channel announces it to the desk. */
export const mailboxSettingsSchema = z.toJSONSchema(MailboxSettings, { io: 'input' }) as Payload;

/** A mailbox that customers write to. */
export interface Mailbox extends MailboxSettings {
  id: AccountId;
  name: string;
  /** Grows with every change. */
  version: number;
}

/** The mailbox that an account is, or what is wrong with its settings. */
export function mailboxOf(account: AccountSettings): { mailbox: Mailbox } | { issues: unknown[] } {
  const settings = MailboxSettings.safeParse(account.settings);
  if (!settings.success) return { issues: settings.error.issues };
  const { id, name, version } = account;
  return { mailbox: { id, name, version, ...settings.data } };
}

export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Whether one of the patterns (`ann@shop.cn`, `*@shop.cn`, `@shop.cn`) means this address. */
export function isAmong(patterns: readonly string[], address: string): boolean {
  const lower = address.toLowerCase();
  return patterns.some((pattern) => {
    const wanted = pattern.toLowerCase().replace(/^\*/, '');
    return wanted.startsWith('@') ? lower.endsWith(wanted) : lower === wanted;
  });
}
