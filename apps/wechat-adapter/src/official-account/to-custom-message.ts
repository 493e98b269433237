import { DeliveryError } from '@yixian/channel';
import type { Payload, SendMessage } from '@yixian/contracts';
import { officialAccountFiles } from '../sending/part.ts';
import type { Part } from '../sending/part.ts';
import { replyIn } from '../sending/reply-payload.ts';
import type { ReplyPayload } from '../sending/reply-payload.ts';
import { textAndFiles } from '../sending/text-and-files.ts';
import type { LinkTo } from '../sending/text-and-files.ts';

const TEMPLATE = 'cgi-bin/message/template/send';
const NOTICE = 'cgi-bin/message/subscribe/bizsend';

type Of<T extends ReplyPayload['type']> = Extract<ReplyPayload, { type: T }>;

/**
 * A reply as requests to an official account's API. Throws `DeliveryError` when the account cannot say it.
 * https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html
 */
export function toCustomMessage(message: SendMessage, linkTo: LinkTo): Part[] {
  const body = (type: string, content: Payload): Payload => ({
    touser: message.address,
    msgtype: type,
    [type]: content,
  });
  const reply = replyIn(message.payload);
  switch (reply.type) {
    case 'text':
      return textAndFiles(message, { files: officialAccountFiles, linkTo, body });
    case 'news':
      return [{ body: () => body('news', { articles: [articleOf(reply)] }) }];
    case 'menu':
      return [{ body: () => body('msgmenu', menuOf(reply)) }];
    case 'miniprogram':
      return [miniProgram(message, reply, body)];
    case 'template':
      return [{ free: true, path: TEMPLATE, body: () => templateOf(message, reply) }];
    case 'notice':
      return [{ free: true, path: NOTICE, body: () => noticeOf(message, reply) }];
    case 'location':
    case 'handover':
      throw new DeliveryError('not_supported', { retryable: false, certain: true });
  }
}

const articleOf = ({ title, description, url, imageUrl }: Of<'news'>): Payload => ({
  title,
  description,
  url,
  ...(imageUrl && { picurl: imageUrl }),
});

const menuOf = ({ head, items, tail }: Of<'menu'>): Payload => ({
  head_content: head,
  list: items.map(({ id, text }) => ({ id, content: text })),
  tail_content: tail,
});

function miniProgram(
  { attachments: [picture] }: SendMessage,
  { title, appId, pagePath }: Of<'miniprogram'>,
  body: (type: string, content: Payload) => Payload,
): Part {
  if (!picture) throw new DeliveryError('picture_missing', { retryable: false, certain: true });
  const content = { title, appid: appId, pagepath: pagePath };
  return {
    upload: { file: picture, type: 'image' },
    body: (mediaId) => body('miniprogrampage', { ...content, thumb_media_id: mediaId }),
  };
}

const valuesOf = (data: Record<string, string>): Payload =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, { value }]));

const templateOf = ({ address, id }: SendMessage, { templateId, url, data }: Of<'template'>): Payload => ({
  touser: address,
  template_id: templateId,
  // The same one is sent once, whatever we do.
  client_msg_id: id,
  ...(url && { url }),
  data: valuesOf(data),
});

const noticeOf = ({ address }: SendMessage, { templateId, page, data }: Of<'notice'>): Payload => ({
  touser: address,
  template_id: templateId,
  ...(page && { page }),
  data: valuesOf(data),
});
