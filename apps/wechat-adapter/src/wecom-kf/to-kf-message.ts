import { DeliveryError } from '@yixian/channel';
import type { Payload, SendMessage } from '@yixian/contracts';
import { wecomFiles } from '../sending/part.ts';
import type { Part } from '../sending/part.ts';
import { replyIn } from '../sending/reply-payload.ts';
import { textAndFiles } from '../sending/text-and-files.ts';
import { kfMessageId } from './kf-message-id.ts';
import { scoreId } from './from-kf-message.ts';

/**
 * A reply as requests to WeCom customer service. Throws `DeliveryError` when it cannot say it.
 * https://developer.work.weixin.qq.com/document/path/94677
 */
export function toKfMessage(message: SendMessage, openKfId: string): Part[] {
  const body = (type: string, content: Payload): Payload => ({
    touser: message.address,
    open_kfid: openKfId,
    msgtype: type,
    [type]: content,
  });
  return numbered(message, partsOf(message, body));
}

function partsOf(message: SendMessage, body: (type: string, content: Payload) => Payload): Part[] {
  const reply = replyIn(message.payload);
  const [picture] = message.attachments;
  switch (reply.type) {
    case 'text':
      return textAndFiles(message, { files: wecomFiles, linkTo: () => undefined, body });
    case 'menu':
      return [
        {
          body: () =>
            body('msgmenu', {
              head_content: reply.head,
              list: reply.items.map(({ id, text }) => ({ type: 'click', click: { id, content: text } })),
              tail_content: reply.tail,
            }),
        },
      ];
    case 'location': {
      const { latitude, longitude, name, label } = reply;
      return [{ body: () => body('location', { latitude, longitude, name, address: label }) }];
    }
    case 'news': {
      if (!picture) throw refused('picture_missing');
      const { title, description, url } = reply;
      return [
        {
          upload: { file: picture, type: 'image' },
          body: (mediaId) => body('link', { title, desc: description, url, thumb_media_id: mediaId }),
        },
      ];
    }
    case 'miniprogram': {
      if (!picture) throw refused('picture_missing');
      const { title, appId, pagePath } = reply;
      return [
        {
          upload: { file: picture, type: 'image' },
          body: (mediaId) =>
            body('miniprogram', { title, appid: appId, pagepath: pagePath, thumb_media_id: mediaId }),
        },
      ];
    }
    default:
      throw refused('not_supported');
  }
}

const numbered = ({ id }: SendMessage, parts: Part[]): Part[] =>
  parts.map((part, n) => ({
    ...part,
    body: (mediaId) => ({ ...part.body(mediaId), msgid: kfMessageId(id, n) }),
  }));

/** The menu that asks for a rating. */
export function satisfactionMenu(conversationId: string): Payload {
  const stars = [5, 4, 3, 2, 1];
  return {
    head_content: '请为本次服务评分 / Please rate this conversation',
    list: stars.map((score) => ({
      type: 'click',
      click: { id: scoreId(score, conversationId), content: '★'.repeat(score) },
    })),
    tail_content: '',
  };
}

const refused = (code: string) => new DeliveryError(code, { retryable: false, certain: true });
