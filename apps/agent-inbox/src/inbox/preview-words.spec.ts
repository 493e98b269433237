import { expect, it } from '@jest/globals';
import type { EntryPreview, Payload } from '@yixian/contracts';
import { en } from '../words/en.ts';
import { zhCN } from '../words/zh-cn.ts';
import { previewWords } from './preview-words.ts';

const preview = (payload?: EntryPreview['payload'], text = ''): EntryPreview => ({
  text,
  kind: 'message',
  direction: 'in',
  at: '2026-11-25T09:00:00.000Z',
  ...(payload && { payload }),
});
const both = (wechat: Payload) => [zhCN, en].map((words) => previewWords(preview({ wechat }), words));

it.each([
  [{ type: 'event', event: 'subscribe' }, '关注了公众号', 'followed the account'],
  [{ type: 'event', event: 'enter_session' }, '进入了客服会话', 'entered the service chat'],
  [{ type: 'recalled', of: '7' }, '撤回了一条消息', 'took a message back'],
  [{ type: 'voice', missing: 'expired' }, '[语音]', '[Voice]'],
  [{ type: 'image', missing: 'too_large' }, '[图片]', '[Picture]'],
  [{ type: 'location', latitude: 1, longitude: 2 }, '[位置]', '[Location]'],
  [{ type: 'card', name: '小王' }, '[名片] 小王', '[Contact card] 小王'],
  [{ type: 'miniprogram', title: '' }, '[小程序]', '[Mini program]'],
  [{ type: 'toString' }, '[无文字]', '[No text]'],
])('%j', (wechat, zh, english) => expect(both(wechat)).toEqual([zh, english]));

it('has a word for every type that the adapter tells of', () => {
  const types =
    'image voice video shortvideo file location link miniprogram card merged product order channels recalled event unknown news menu template notice handover'.split(
      ' ',
    );
  for (const type of types) expect(both({ type })).not.toContain('[No text]');
});

it('says what was written, where something was', () => {
  expect(previewWords(preview({ wechat: { type: 'image' } }, 'tea.png'), en)).toBe('tea.png');
  expect(previewWords(preview(), en)).toBe('[No text]');
});
