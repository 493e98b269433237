import type { EntryPreview } from '@yixian/contracts';
import { wechatPreview } from '../timeline/wechat/wechat-preview.ts';
import { wechatViewOf } from '../timeline/wechat/wechat-view.ts';
import type { Words } from '../words/zh-cn.ts';

/** What a list says of the newest entry: its words, or else what its channel says of it, in ours. */
export function previewWords({ text, payload }: EntryPreview, words: Words): string {
  if (text) return text;
  const view = payload && wechatViewOf({ payload });
  return (view && wechatPreview(view, words)) || words.list.noText;
}
