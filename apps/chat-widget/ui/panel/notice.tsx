import type { Chat } from './chat.ts';
import { refusal } from './words.ts';
import type { Words } from './words.ts';

/** The state of the line, when it is not up. */
export function Notice({ chat, words }: { chat: Chat; words: Words }) {
  const text =
    chat.link === 'refused' ? refusal(words, chat.refusal) : chat.link === 'down' ? words.offline : undefined;
  return (
    <div class="notice" role="status">
      {text && <p>{text}</p>}
    </div>
  );
}
