import type { Chat } from './chat.ts';
import type { Words } from './words.ts';

/** The QR code by which the conversation goes on in WeChat. */
export const Scan = ({ chat, words }: { chat: Chat; words: Words }) => (
  <section class="scan" aria-label={words.wechat}>
    {chat.qr && (
      <img src={chat.qr} alt={words.wechat} width={160} height={160} onError={() => chat.showQr(null)} />
    )}
    <p role="status">{chat.qr === null ? words.refused.other : words.scan}</p>
  </section>
);
