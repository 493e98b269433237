import type { Words } from '../../words/zh-cn.ts';
import { wechatEventWords } from './wechat-event.ts';
import type { WechatView } from './wechat-view.ts';

/** What a list says of a message of WeChat that has no text of its own. */
export function wechatPreview(view: WechatView, words: Words): string {
  const { wechat } = words;
  switch (view.type) {
    case 'event':
      return wechatEventWords(view, words);
    case 'recalled':
      return wechat.recalled;
    case 'voice':
      return named(wechat.voiceBare);
    case 'handover':
      return handoverWords(view, words);
    case 'unknown':
      return wechat.unknown(view.text('native'));
    default: {
      const kinds: Record<string, string> = wechat.kinds;
      const kind = Object.hasOwn(kinds, view.type) ? kinds[view.type] : undefined;
      return kind ? [named(kind), view.text('title') || view.text('name')].filter(Boolean).join(' ') : '';
    }
  }
}

/** To whom a customer was handed. */
export const handoverWords = (view: WechatView, { wechat }: Words): string =>
  view.text('userId') ? wechat.handover(view.text('userId')) : wechat.pooled;

const named = (kind: string): string => `[${kind}]`;
