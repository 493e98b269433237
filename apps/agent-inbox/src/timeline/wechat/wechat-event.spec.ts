import { expect, it } from '@jest/globals';
import { en } from '../../words/en.ts';
import { zhCN } from '../../words/zh-cn.ts';
import { wechatEventWords } from './wechat-event.ts';
import { wechatViewOf } from './wechat-view.ts';

const event = (fields: object) => wechatViewOf({ payload: { wechat: { type: 'event', ...fields } } })!;

it.each([
  [{ event: 'subscribe' }, '关注了公众号'],
  [{ event: 'subscribe', scene: 'shop-7' }, '扫码关注了公众号（场景 shop-7）'],
  [{ event: 'scan', scene: 42 }, '扫描了二维码（场景 42）'],
  [{ event: 'template_finished', status: 'success' }, '收到了模板消息'],
  [{ event: 'template_finished', status: 'user block' }, '没有收到模板消息：user block'],
  [{ event: 'joined_group', names: ['小王', 7, null] }, '小王、7 加入了群聊'],
  [{ event: 'kf_new_thing' }, '微信事件：kf_new_thing'],
  [{ event: 'toString' }, '微信事件：toString'],
])('%j', (fields, words) => expect(wechatEventWords(event(fields), zhCN)).toBe(words));

it('speaks English too', () =>
  expect(wechatEventWords(event({ event: 'unsubscribe' }), en)).toBe('stopped following'));

it('is no message of WeChat without its payload', () => {
  expect(wechatViewOf({ payload: {} })).toBeUndefined();
  expect(wechatViewOf({ payload: { wechat: 'x' } })).toBeUndefined();
  expect(wechatViewOf({ payload: { wechat: {} } })).toMatchObject({ type: 'text' });
});
