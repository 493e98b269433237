import type { Payload } from '@yixian/contracts';
import { writeXml } from './tencent/write-xml.ts';
import type { Tree } from './tencent/write-xml.ts';

/** A push as Tencent's pages show it, in both formats, and what must become of it. */
export interface PushSample {
  name: string;
  xml: string;
  json: string;
  openId: string;
  nativeId: string;
  text?: string;
  wechat: Payload;
  media?: { id: string; name: string };
}

const openId = 'oR5GjjgEhCMJFyzaVZdrxZ2zRRF4';
const TIME = 1_700_000_000;
/** MsgId has 64 bits, more than a number of ours holds: kept as text. */
let lastId = 23_256_813_834_500_929n;

function sample(
  name: string,
  type: string,
  body: Tree,
  expected: Pick<PushSample, 'wechat'> & Partial<PushSample>,
): PushSample {
  const around: Tree = {
    ToUserName: 'gh_7f083739789a',
    FromUserName: openId,
    CreateTime: TIME,
    MsgType: type,
  };
  const isEvent = type === 'event';
  const msgId = String(lastId++);
  const tree = { ...around, ...body };
  const xml = `<xml>${writeXml(tree)}${isEvent ? '' : `<MsgId>${msgId}</MsgId>`}</xml>`;
  const json = JSON.stringify(tree).replace(/\}$/, isEvent ? '}' : `,"MsgId":${msgId}}`);
  return { name, xml, json, openId, nativeId: msgId, ...expected };
}

function event(name: string, event: string, body: Tree, wechat: Payload, key = ''): PushSample {
  const nativeId = `${openId}:${TIME}:${event}:${key}`;
  const payload = { type: 'event', event: name, ...wechat };
  return sample(`the event ${event}`, 'event', { Event: event, ...body }, { wechat: payload, nativeId });
}

/** Every type of message and event that an official account or a mini program is sent. */
export const pushSamples: PushSample[] = [
  sample(
    'text',
    'text',
    { Content: '你好 /::) [微笑] <b>&amp;' },
    { text: '你好 /::) [微笑] <b>&amp;', wechat: { type: 'text' } },
  ),
  sample(
    'the answer to a menu',
    'text',
    { Content: '满意', bizmsgmenuid: '101' },
    { text: '满意', wechat: { type: 'text', menuId: '101' } },
  ),
  sample(
    'image',
    'image',
    { PicUrl: 'http://mmbiz.qpic.cn/a.jpg', MediaId: 'media-1' },
    {
      wechat: { type: 'image', mediaId: 'media-1', picUrl: 'http://mmbiz.qpic.cn/a.jpg' },
      media: { id: 'media-1', name: 'image.jpg' },
    },
  ),
  sample(
    'voice with what was recognised',
    'voice',
    { MediaId: 'media-2', Format: 'amr', Recognition: '我要退货' },
    {
      text: '我要退货',
      wechat: { type: 'voice', mediaId: 'media-2', format: 'amr', recognition: '我要退货' },
      media: { id: 'media-2', name: 'voice.amr' },
    },
  ),
  sample(
    'video',
    'video',
    { MediaId: 'media-3', ThumbMediaId: 'thumb-3' },
    {
      wechat: { type: 'video', mediaId: 'media-3', thumbMediaId: 'thumb-3' },
      media: { id: 'media-3', name: 'video.mp4' },
    },
  ),
  sample(
    'short video',
    'shortvideo',
    { MediaId: 'media-4', ThumbMediaId: 'thumb-4' },
    {
      wechat: { type: 'shortvideo', mediaId: 'media-4', thumbMediaId: 'thumb-4' },
      media: { id: 'media-4', name: 'video.mp4' },
    },
  ),
  sample(
    'location',
    'location',
    { Location_X: 23.134521, Location_Y: 113.358803, Scale: 20, Label: '广州市天河区' },
    {
      text: '广州市天河区',
      wechat: {
        type: 'location',
        latitude: 23.134521,
        longitude: 113.358803,
        scale: 20,
        label: '广州市天河区',
      },
    },
  ),
  sample(
    'link',
    'link',
    { Title: '公众平台官网链接', Description: '公众平台官网链接', Url: 'https://mp.weixin.qq.com/' },
    {
      text: '公众平台官网链接',
      wechat: {
        type: 'link',
        title: '公众平台官网链接',
        description: '公众平台官网链接',
        url: 'https://mp.weixin.qq.com/',
      },
    },
  ),
  sample(
    'file',
    'file',
    { Title: '报价单.pdf', Description: '238.6KB', FileKey: 'key', FileMd5: 'md5', FileTotalLen: 244326 },
    {
      text: '报价单.pdf',
      wechat: { type: 'file', title: '报价单.pdf', description: '238.6KB', bytes: 244326 },
    },
  ),
  sample(
    'mini-program card',
    'miniprogrampage',
    {
      Title: '我的订单',
      AppId: 'wx3d289323f5900f8e',
      PagePath: 'pages/order?id=7',
      ThumbUrl: 'https://thumb',
      ThumbMediaId: 'thumb-5',
    },
    {
      text: '我的订单',
      wechat: {
        type: 'miniprogram',
        title: '我的订单',
        appId: 'wx3d289323f5900f8e',
        pagePath: 'pages/order?id=7',
        thumbnailUrl: 'https://thumb',
        thumbMediaId: 'thumb-5',
      },
    },
  ),
  event('subscribe', 'subscribe', { EventKey: '' }, {}),
  event(
    'subscribe',
    'subscribe',
    { EventKey: 'qrscene_shop-42', Ticket: 'TICKET' },
    { scene: 'shop-42', ticket: 'TICKET' },
    'qrscene_shop-42',
  ),
  event('unsubscribe', 'unsubscribe', { EventKey: '' }, {}),
  event(
    'scan',
    'SCAN',
    { EventKey: 'shop-42', Ticket: 'TICKET' },
    { scene: 'shop-42', ticket: 'TICKET' },
    'shop-42',
  ),
  event('click', 'CLICK', { EventKey: 'MENU_HELP' }, { key: 'MENU_HELP' }, 'MENU_HELP'),
  event(
    'view',
    'VIEW',
    { EventKey: 'https://shop.cn/', MenuId: '404' },
    { url: 'https://shop.cn/', menuId: '404' },
    'https://shop.cn/',
  ),
  event(
    'view_miniprogram',
    'view_miniprogram',
    { EventKey: 'pages/index', MenuId: '405' },
    { pagePath: 'pages/index', menuId: '405' },
    'pages/index',
  ),
  event(
    'location',
    'LOCATION',
    { Latitude: '23.137466', Longitude: '113.352425', Precision: '119.385040' },
    { latitude: 23.137466, longitude: 113.352425, precision: 119.38504 },
  ),
  event(
    'scancode_waitmsg',
    'scancode_waitmsg',
    { EventKey: '6', ScanCodeInfo: { ScanType: 'qrcode', ScanResult: '2' } },
    { key: '6', scanType: 'qrcode', scanResult: '2' },
    '6',
  ),
  event(
    'pic_weixin',
    'pic_weixin',
    {
      EventKey: '6',
      SendPicsInfo: { Count: 1, PicList: { item: { PicMd5Sum: '5a75aaca956d97be686719218f275c6b' } } },
    },
    { key: '6', count: 1 },
    '6',
  ),
  event(
    'location_select',
    'location_select',
    {
      EventKey: '6',
      SendLocationInfo: {
        Location_X: '23',
        Location_Y: '113',
        Scale: '15',
        Label: '客村艺苑路',
        Poiname: '艺苑',
      },
    },
    { key: '6', latitude: 23, longitude: 113, scale: 15, label: '客村艺苑路', name: '艺苑' },
    '6',
  ),
  event(
    'template_finished',
    'TEMPLATESENDJOBFINISH',
    { MsgID: 200163836, Status: 'failed:user block' },
    { jobId: '200163836', status: 'failed:user block' },
    '200163836',
  ),
  event(
    'mass_finished',
    'MASSSENDJOBFINISH',
    { MsgID: 1000001625, Status: 'err(30003)', TotalCount: 3, FilterCount: 2, SentCount: 1, ErrorCount: 0 },
    { jobId: '1000001625', status: 'err(30003)', total: 3, filtered: 2, sent: 1, failed: 0 },
    '1000001625',
  ),
  event(
    'notice_answered',
    'subscribe_msg_popup_event',
    {
      SubscribeMsgPopupEvent: {
        List: [
          { TemplateId: 'T1', SubscribeStatusString: 'accept', PopupScene: '2' },
          { TemplateId: 'T2', SubscribeStatusString: 'reject', PopupScene: '2' },
        ],
      },
    },
    {
      notices: [
        { templateId: 'T1', status: 'accept' },
        { templateId: 'T2', status: 'reject' },
      ],
    },
  ),
  event(
    'notice_finished',
    'subscribe_msg_sent_event',
    {
      SubscribeMsgSentEvent: {
        List: { TemplateId: 'T1', MsgID: '1700827132819554304', ErrorCode: '43101', ErrorStatus: 'fail' },
      },
    },
    { notices: [{ templateId: 'T1', status: 'fail', reason: '43101' }] },
  ),
];
