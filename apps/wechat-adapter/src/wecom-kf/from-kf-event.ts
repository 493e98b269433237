import { fieldsIn, numberIn, textIn } from '../callback/fields.ts';
import type { Fields } from '../callback/fields.ts';
import { wechatPayload } from '../wechat-payload.ts';
import { entryOf } from './kf-message-id.ts';
import type { KfItem } from './from-kf-message.ts';

/** Why a message that we sent did not arrive. https://developer.work.weixin.qq.com/document/path/94670 */
const failures: Record<string, string> = {
  1: 'account_disabled',
  2: 'account_disabled',
  4: 'window_closed',
  5: 'served_elsewhere',
  6: 'quota_exhausted',
  8: 'account_blocked',
  10: 'refused_by_customer',
  11: 'account_blocked',
  12: 'content_refused',
  13: 'content_refused',
};

type Event = Omit<KfItem, 'nativeId' | 'at'>;

/** An event of WeCom customer service. One we do not know is kept as it came. */
export function fromKfEvent(event: Fields): Event {
  const native = textIn(event, 'event_type');
  const around = { customer: textIn(event, 'external_userid'), text: '', opens: false };
  switch (native) {
    case 'enter_session':
      return { ...around, ...entered(event) };
    case 'msg_send_fail':
      return { ...around, ...failed(event) };
    case 'session_status_change':
      return {
        ...around,
        wechat: wechatPayload('event', {
          event: 'session_changed',
          change: numberIn(event, 'change_type'),
          from: textIn(event, 'old_servicer_userid'),
          to: textIn(event, 'new_servicer_userid'),
        }),
      };
    case 'user_recall_msg':
      return { ...around, wechat: wechatPayload('recalled', { of: textIn(event, 'recall_msgid') }) };
    case 'servicer_recall_msg':
      return {
        ...around,
        wechat: wechatPayload('recalled', { of: textIn(event, 'recall_msgid'), staff: {} }),
      };
    default:
      return { ...around, wechat: wechatPayload('event', { event: native, raw: event }) };
  }
}

function entered(event: Fields): Pick<Event, 'wechat' | 'act'> {
  const code = textIn(event, 'welcome_code');
  const channels = fieldsIn(event, 'wechat_channels');
  return {
    wechat: wechatPayload('event', {
      event: 'enter_session',
      scene: textIn(event, 'scene'),
      sceneParam: textIn(event, 'scene_param'),
      nickname: textIn(channels, 'nickname'),
    }),
    ...(code && { act: { do: 'welcome', code } }),
  };
}

function failed(event: Fields): Pick<Event, 'wechat' | 'act'> {
  const id = textIn(event, 'fail_msgid');
  const type = textIn(event, 'fail_type');
  const messageId = entryOf(id);
  return {
    wechat: wechatPayload('event', { event: 'send_failed', of: id, status: type }),
    ...(messageId && { act: { do: 'fail', messageId, reason: failures[type] ?? 'not_delivered' } }),
  };
}
