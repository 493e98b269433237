import type { Payload } from '@yixian/contracts';
import { fieldsIn, listIn, numberIn, textIn } from '../callback/fields.ts';
import type { Fields } from '../callback/fields.ts';
import type { MediaRef } from '../media-ref.ts';
import { compact, wechatPayload } from '../wechat-payload.ts';
import { fromKfEvent } from './from-kf-event.ts';

/** One item of sync_msg, understood. */
export interface KfItem {
  /** Of the customer; empty: it concerns nobody. */
  customer: string;
  nativeId: string;
  /** Milliseconds since 1970. */
  at: number;
  text: string;
  wechat: Payload;
  media?: MediaRef;
  /** It lets us write. */
  opens: boolean;
  /** What is to be done beside recording it. */
  act?: KfAct;
}

export type KfAct =
  | { do: 'welcome'; code: string }
  | { do: 'fail'; messageId: string; reason: string }
  | { do: 'rate'; conversationId: string; score: number };

/** Tencent's word for who said it: the customer, the system, a person in WeCom. */
const CUSTOMER = '3';
const PERSON_IN_WECOM = '5';

interface Content {
  text: string;
  wechat: Payload;
  media?: MediaRef;
}

type Reader = (content: Fields) => Content;

const card =
  (
    type: string,
    fields: (content: Fields) => Record<string, Payload[string] | undefined>,
    title = 'title',
  ): Reader =>
  (content) => ({ text: textIn(content, title), wechat: wechatPayload(type, fields(content)) });

const file =
  (type: string, name: string): Reader =>
  (content) => {
    const id = textIn(content, 'media_id');
    return { text: '', wechat: wechatPayload(type, { mediaId: id }), ...(id && { media: { id, name } }) };
  };

/** https://developer.work.weixin.qq.com/document/path/94670 */
const readers: Record<string, Reader> = {
  text: (content) => ({
    text: textIn(content, 'content'),
    wechat: wechatPayload('text', { menuId: textIn(content, 'menu_id') }),
  }),
  image: file('image', 'image.jpg'),
  voice: (content) => {
    const given = file('voice', 'voice.amr')(content);
    return { ...given, wechat: { ...given.wechat, format: 'amr' } };
  },
  video: file('video', 'video.mp4'),
  file: file('file', 'file'),
  location: (content) => ({
    text: textIn(content, 'name') || textIn(content, 'address'),
    wechat: wechatPayload('location', {
      latitude: numberIn(content, 'latitude'),
      longitude: numberIn(content, 'longitude'),
      name: textIn(content, 'name'),
      label: textIn(content, 'address'),
    }),
  }),
  link: card('link', (content) => ({
    title: textIn(content, 'title'),
    description: textIn(content, 'desc'),
    url: textIn(content, 'url'),
    thumbnailUrl: textIn(content, 'pic_url'),
  })),
  business_card: card('card', (content) => ({ userId: textIn(content, 'userid') }), 'userid'),
  miniprogram: card('miniprogram', (content) => ({
    title: textIn(content, 'title'),
    appId: textIn(content, 'appid'),
    pagePath: textIn(content, 'pagepath'),
    thumbMediaId: textIn(content, 'thumb_media_id'),
  })),
  msgmenu: card(
    'menu',
    (content) => ({
      head: textIn(content, 'head_content'),
      items: listIn(content, 'list').map((item) => {
        const inside = fieldsIn(item, textIn(item, 'type'));
        return compact({
          id: textIn(inside, 'id'),
          text: textIn(inside, 'content'),
          url: textIn(inside, 'url'),
        });
      }),
      tail: textIn(content, 'tail_content'),
    }),
    'head_content',
  ),
  channels_shop_product: card('product', (content) => ({
    title: textIn(content, 'title'),
    price: textIn(content, 'sales_price'),
    imageUrl: textIn(content, 'head_image'),
    productId: textIn(content, 'product_id'),
    nickname: textIn(content, 'shop_nickname'),
  })),
  channels_shop_order: card(
    'order',
    (content) => ({
      orderId: textIn(content, 'order_id'),
      title: textIn(content, 'product_titles'),
      price: textIn(content, 'price_wording'),
      state: textIn(content, 'state'),
      imageUrl: textIn(content, 'image_url'),
      nickname: textIn(content, 'shop_nickname'),
    }),
    'product_titles',
  ),
  channels: card('channels', (content) => ({
    title: textIn(content, 'title'),
    nickname: textIn(content, 'nickname'),
    kind: textIn(content, 'sub_type'),
  })),
  merged_msg: card('merged', (content) => ({
    title: textIn(content, 'title'),
    items: listIn(content, 'item').map((item) =>
      compact({
        name: textIn(item, 'sender_name'),
        at: numberIn(item, 'send_time'),
        type: textIn(item, 'msgtype'),
        text: mergedText(textIn(item, 'msg_content')),
      }),
    ),
  })),
};

/** What an item of sync_msg says; `undefined` when it has no id of its own and could not be told from another. */
export function fromKfMessage(item: Fields): KfItem | undefined {
  const nativeId = textIn(item, 'msgid');
  if (!nativeId) return undefined;
  const type = textIn(item, 'msgtype');
  const at = (numberIn(item, 'send_time') ?? 0) * 1000;
  if (type === 'event') return { ...fromKfEvent(fieldsIn(item, 'event')), nativeId, at };
  const read = readers[type];
  const content = read
    ? read(fieldsIn(item, type))
    : { text: '', wechat: wechatPayload('unknown', { native: type, raw: item }) };
  const rated = scoreIn(textIn(fieldsIn(item, 'text'), 'menu_id'));
  return {
    customer: textIn(item, 'external_userid'),
    nativeId,
    at,
    ...content,
    wechat: { ...content.wechat, ...staffIn(item) },
    opens: textIn(item, 'origin') === CUSTOMER,
    ...(rated && { act: rated }),
  };
}

/** What a colleague wrote in WeCom itself. */
function staffIn(item: Fields): Payload {
  if (textIn(item, 'origin') !== PERSON_IN_WECOM) return {};
  return { staff: compact({ userId: textIn(item, 'servicer_userid') }) };
}

/** The id of a choice in our own satisfaction menu: `score:<1 to 5>:<conversation>`. */
export const scoreId = (score: number, conversationId: string): string => `score:${score}:${conversationId}`;

function scoreIn(menuId: string): KfAct | undefined {
  const [, score, conversationId] = /^score:([1-5]):([0-9a-f-]{36})$/.exec(menuId) ?? [];
  return score && conversationId ? { do: 'rate', score: Number(score), conversationId } : undefined;
}

/** A forwarded message holds its content as JSON in a string. */
function mergedText(content: string): string {
  try {
    const parsed = JSON.parse(content) as { text?: { content?: unknown } };
    return typeof parsed.text?.content === 'string' ? parsed.text.content : '';
  } catch {
    return content.slice(0, 2000);
  }
}
