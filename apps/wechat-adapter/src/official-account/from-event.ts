import type { Payload } from '@yixian/contracts';
import { fieldsIn, listIn, numberIn, textIn } from '../callback/fields.ts';
import type { Fields } from '../callback/fields.ts';
import { compact, wechatPayload } from '../wechat-payload.ts';

interface EventContent {
  text: string;
  wechat: Payload;
  /** What tells it from another event of the same second. */
  key: string;
}

type Reader = (fields: Fields) => Record<string, Payload[string] | undefined>;

const scene = (key: string): string => key.replace(/^qrscene_/, '');
const key: Reader = (fields) => ({ key: textIn(fields, 'EventKey') });
const scanned: Reader = (fields) => {
  const info = fieldsIn(fields, 'ScanCodeInfo');
  return { ...key(fields), scanType: textIn(info, 'ScanType'), scanResult: textIn(info, 'ScanResult') };
};
const pictures: Reader = (fields) => ({
  ...key(fields),
  count: numberIn(fieldsIn(fields, 'SendPicsInfo'), 'Count'),
});
const fromQr: Reader = (fields) => ({
  scene: scene(textIn(fields, 'EventKey')),
  ticket: textIn(fields, 'Ticket'),
});

/** The three events of subscription notices hold lists, in XML as elements and in JSON as an array. */
const notices =
  (name: string): Reader =>
  (fields) => ({
    notices: [...listIn(fieldsIn(fields, name), 'List'), ...listIn(fields, 'List')].map((one) =>
      compact({
        templateId: textIn(one, 'TemplateId'),
        status: textIn(one, 'SubscribeStatusString') || textIn(one, 'ErrorStatus'),
        reason: textIn(one, 'ErrorCode') === '0' ? '' : textIn(one, 'ErrorCode'),
      }),
    ),
  });

/** Tencent's name of an event, in lower case, to ours and what it holds. */
const readers: Record<string, [name: string, Reader]> = {
  subscribe: ['subscribe', fromQr],
  unsubscribe: ['unsubscribe', () => ({})],
  scan: ['scan', fromQr],
  click: ['click', key],
  view: ['view', (fields) => ({ url: textIn(fields, 'EventKey'), menuId: textIn(fields, 'MenuId') })],
  view_miniprogram: [
    'view_miniprogram',
    (fields) => ({ pagePath: textIn(fields, 'EventKey'), menuId: textIn(fields, 'MenuId') }),
  ],
  location: [
    'location',
    (fields) => ({
      latitude: numberIn(fields, 'Latitude'),
      longitude: numberIn(fields, 'Longitude'),
      precision: numberIn(fields, 'Precision'),
    }),
  ],
  scancode_push: ['scancode_push', scanned],
  scancode_waitmsg: ['scancode_waitmsg', scanned],
  pic_sysphoto: ['pic_sysphoto', pictures],
  pic_photo_or_album: ['pic_photo_or_album', pictures],
  pic_weixin: ['pic_weixin', pictures],
  location_select: [
    'location_select',
    (fields) => {
      const place = fieldsIn(fields, 'SendLocationInfo');
      return {
        ...key(fields),
        latitude: numberIn(place, 'Location_X'),
        longitude: numberIn(place, 'Location_Y'),
        scale: numberIn(place, 'Scale'),
        label: textIn(place, 'Label'),
        name: textIn(place, 'Poiname'),
      };
    },
  ],
  templatesendjobfinish: [
    'template_finished',
    (fields) => ({ jobId: jobId(fields), status: textIn(fields, 'Status') }),
  ],
  masssendjobfinish: [
    'mass_finished',
    (fields) => ({
      jobId: jobId(fields),
      status: textIn(fields, 'Status'),
      total: numberIn(fields, 'TotalCount'),
      filtered: numberIn(fields, 'FilterCount'),
      sent: numberIn(fields, 'SentCount'),
      failed: numberIn(fields, 'ErrorCount'),
    }),
  ],
  subscribe_msg_popup_event: ['notice_answered', notices('SubscribeMsgPopupEvent')],
  subscribe_msg_change_event: ['notice_changed', notices('SubscribeMsgChangeEvent')],
  subscribe_msg_sent_event: ['notice_finished', notices('SubscribeMsgSentEvent')],
};

/** An event of an official account. One we do not know is kept as it came. */
export function fromEvent(fields: Fields): EventContent {
  const native = textIn(fields, 'Event').toLowerCase();
  const [name, read] = readers[native] ?? [native, (): ReturnType<Reader> => ({ raw: fields })];
  const distinct = textIn(fields, 'EventKey') || jobId(fields);
  return { text: '', wechat: wechatPayload('event', { event: name, ...read(fields) }), key: distinct };
}

const jobId = (fields: Fields): string => textIn(fields, 'MsgID') || textIn(fields, 'MsgId');
