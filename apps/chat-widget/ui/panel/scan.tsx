import type { Chat } from './chat.ts';
import type { Words } from './words.ts';

/** For how long the code is shown, in ms. */
const SHOWN_FOR = 300_000;

/** Shows the code, or puts it away. */
export async function toggleCode(chat: Chat): Promise<void> {
  const shown = chat.qr !== undefined;
  show(chat, shown ? undefined : '');
  if (shown) return;
  const answer = await chat.ask('continue', {});
  if (chat.qr !== '') return;
  const picture = answer && 'picture' in answer ? answer.picture : null;
  show(chat, picture);
  setTimeout(() => chat.qr === picture && show(chat, undefined), SHOWN_FOR);
}

function show(chat: Chat, qr: Chat['qr']): void {
  chat.qr = qr;
  chat.changed();
}

/** The QR code by which the conversation goes on in WeChat. */
export const Scan = ({ chat, words }: { chat: Chat; words: Words }) => (
  <section class="scan" aria-label={words.wechat}>
    {chat.qr && (
      <img src={chat.qr} alt={words.wechat} width={160} height={160} onError={() => show(chat, null)} />
    )}
    <p role="status">{chat.qr === null ? words.refused.other : words.scan}</p>
  </section>
);
