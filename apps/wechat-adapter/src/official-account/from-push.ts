import type { Payload } from '@yixian/contracts';
import { fieldsIn, listIn, numberIn, textIn } from '../callback/fields.ts';
import type { Fields } from '../callback/fields.ts';
import type { MediaRef } from '../media-ref.ts';
import { compact, wechatPayload } from '../wechat-payload.ts';
import { fromEvent } from './from-event.ts';

/** A push, understood. */
export interface Pushed {
  openId: string;
  nativeId: string;
  /** Milliseconds since 1970. */
  at: number;
  text: string;
  wechat: Payload;
  /** Its file, still with Tencent. */
  media?: MediaRef;
}

/**
 * What a push of an official account or a mini program says; `undefined` when it names no sender or no type, so that
 * nobody could answer it. Types as in
 * https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
 */
export function fromPush(fields: Fields): Pushed | undefined {
  const openId = textIn(fields, 'FromUserName');
  const type = textIn(fields, 'MsgType');
  const seconds = numberIn(fields, 'CreateTime') ?? 0;
  if (!openId || !type) return undefined;
  const { key, ...content } = type === 'event' ? fromEvent(fields) : fromMessage(type, fields);
  return { openId, at: seconds * 1000, ...content, nativeId: nativeIdOf(fields, key) };
}

/**
 * Messages are known by MsgId, events by FromUserName and CreateTime: so Tencent says. An event's name and key stand
 * beside those, since two may fall into one second.
 */
function nativeIdOf(fields: Fields, key: string | undefined): string {
  const messageId = textIn(fields, 'MsgId');
  if (messageId && textIn(fields, 'MsgType') !== 'event') return messageId;
  const parts = [
    textIn(fields, 'FromUserName'),
    textIn(fields, 'CreateTime'),
    textIn(fields, 'Event'),
    key ?? '',
  ];
  return parts.join(':').slice(0, 512);
}

interface Content {
  text: string;
  wechat: Payload;
  media?: MediaRef;
  key?: string;
}

const readers: Record<string, (fields: Fields) => Content> = {
  text: (fields) => ({
    text: textIn(fields, 'Content'),
    wechat: wechatPayload('text', { menuId: textIn(fields, 'bizmsgmenuid'), quote: quoteIn(fields) }),
  }),
  image: (fields) => ({
    text: '',
    wechat: wechatPayload('image', { ...mediaOf(fields), picUrl: textIn(fields, 'PicUrl') }),
    media: refTo(fields, 'image.jpg'),
  }),
  voice: (fields) => {
    const format = textIn(fields, 'Format') || 'amr';
    const recognition = textIn(fields, 'Recognition');
    return {
      text: recognition,
      wechat: wechatPayload('voice', { ...mediaOf(fields), format: format.toLowerCase(), recognition }),
      media: refTo(fields, `voice.${format.toLowerCase().replace(/[^a-z0-9]/g, '') || 'amr'}`),
    };
  },
  video: video('video'),
  shortvideo: video('shortvideo'),
  location: (fields) => ({
    text: textIn(fields, 'Label'),
    wechat: wechatPayload('location', {
      latitude: numberIn(fields, 'Location_X'),
      longitude: numberIn(fields, 'Location_Y'),
      scale: numberIn(fields, 'Scale'),
      label: textIn(fields, 'Label'),
    }),
  }),
  link: (fields) => ({
    text: textIn(fields, 'Title'),
    wechat: wechatPayload('link', {
      title: textIn(fields, 'Title'),
      description: textIn(fields, 'Description'),
      url: textIn(fields, 'Url'),
    }),
  }),
  file: (fields) => ({
    text: textIn(fields, 'Title'),
    wechat: wechatPayload('file', {
      ...mediaOf(fields),
      title: textIn(fields, 'Title'),
      description: textIn(fields, 'Description'),
      bytes: numberIn(fields, 'FileTotalLen'),
    }),
    media: refTo(fields, textIn(fields, 'Title') || 'file'),
  }),
  miniprogrampage: (fields) => ({
    text: textIn(fields, 'Title'),
    wechat: wechatPayload('miniprogram', {
      title: textIn(fields, 'Title'),
      appId: textIn(fields, 'AppId'),
      pagePath: textIn(fields, 'PagePath'),
      thumbnailUrl: textIn(fields, 'ThumbUrl'),
      thumbMediaId: textIn(fields, 'ThumbMediaId'),
    }),
  }),
};

function fromMessage(type: string, fields: Fields): Content {
  const read = readers[type];
  if (read) return read(fields);
  return { text: textIn(fields, 'Content'), wechat: wechatPayload('unknown', { native: type, raw: fields }) };
}

function video(type: string) {
  return (fields: Fields): Content => ({
    text: '',
    wechat: wechatPayload(type, { ...mediaOf(fields), thumbMediaId: textIn(fields, 'ThumbMediaId') }),
    media: refTo(fields, 'video.mp4'),
  });
}

const mediaOf = (fields: Fields) => ({ mediaId: textIn(fields, 'MediaId') });

function refTo(fields: Fields, name: string): MediaRef | undefined {
  const id = textIn(fields, 'MediaId');
  return id ? { id, name } : undefined;
}

/** Sent since 2024 beside the text that answers another message. */
function quoteIn(fields: Fields): Payload | undefined {
  const [quoted] = listIn(fields, 'QuoteMessage');
  const from = quoted ?? fieldsIn(fields, 'Quote');
  const quote = compact({
    text: textIn(from, 'Content'),
    type: textIn(from, 'MsgType'),
    of: textIn(from, 'MsgId'),
  });
  return Object.keys(quote).length > 0 ? quote : undefined;
}
