import type { Words } from '../../words/zh-cn.ts';
import type { WechatView } from './wechat-view.ts';

/** What an event of WeChat says, in words. */
export function wechatEventWords(view: WechatView, words: Words): string {
  const { events } = words.wechat;
  const event = view.text('event');
  const say: Record<string, () => string> = {
    subscribe: () => (view.text('scene') ? events.subscribeBy(view.text('scene')) : events.subscribe),
    unsubscribe: () => events.unsubscribe,
    scan: () => events.scan(view.text('scene')),
    click: () => events.click(view.text('key')),
    view: () => events.view(view.text('url')),
    view_miniprogram: () => events.view_miniprogram(view.text('pagePath')),
    location: () => events.location,
    scancode_push: () => events.scancode(view.text('scanResult')),
    scancode_waitmsg: () => events.scancode(view.text('scanResult')),
    pic_sysphoto: () => events.pictures(view.text('count')),
    pic_photo_or_album: () => events.pictures(view.text('count')),
    pic_weixin: () => events.pictures(view.text('count')),
    location_select: () => events.location_select(view.text('name') || view.text('label')),
    template_finished: () =>
      view.text('status') === 'success'
        ? events.template_finished
        : events.template_failed(view.text('status')),
    mass_finished: () => events.mass_finished,
    notice_answered: () => events.notice_answered,
    notice_changed: () => events.notice_changed,
    notice_finished: () => events.notice_finished,
    enter_session: () => (view.text('scene') ? events.enterBy(view.text('scene')) : events.enter_session),
    session_changed: () => events.session_changed,
    satisfaction: () => events.satisfaction,
    friend_added: () => events.friend_added,
    joined_group: () => events.joined_group(view.names.join('、')),
    left_group: () => events.left_group(view.names.join('、')),
    topic_changed: () => events.topic_changed(view.text('topic')),
  };
  return Object.hasOwn(say, event) ? say[event]!() : events.other(event);
}
