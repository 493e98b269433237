import type { Conversation } from '@yixian/contracts';
import type { Desk } from '../desk/desk.ts';
import { codeOf } from '../http/request-failed.ts';
import { toast } from '../ui/status-line.tsx';
import type { Words } from '../words/zh-cn.ts';

/** Does something to a conversation, shows its new row at once, and says so when it was refused. */
export async function act(desk: Desk, words: Words, request: Promise<Conversation>): Promise<void> {
  try {
    const conversation = await request;
    if (conversation?.id) desk.store.dispatch({ type: 'rows', conversations: [conversation] });
  } catch (thrown) {
    toast(words.failed.act(words.problem[codeOf(thrown)]));
  }
}
