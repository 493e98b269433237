import { Content } from './bubble.tsx';
import type { Chat } from './chat.ts';
import type { Pending } from './outbox.ts';
import { refusal } from './words.ts';
import type { Words } from './words.ts';

/** An own message that is not in the transcript yet. */
export const OwnPending = ({ message, chat, words }: { message: Pending; chat: Chat; words: Words }) => (
  <li class="line own pending">
    <div class="said">
      <span class="unseen">{words.says(words.you)}</span>
      <Content text={message.text} files={message.shown} words={words} />
      {message.state === 'failed' ? (
        <Failed
          why={refusal(words, message.code ?? '')}
          words={words}
          onRetry={() => chat.retry(message.nonce)}
          onDiscard={() => chat.discard(message.nonce)}
        />
      ) : (
        <span class="meta">{stateOf(message, chat, words)}</span>
      )}
    </div>
  </li>
);

function stateOf({ state }: Pending, { link }: Chat, words: Words): string {
  if (state === 'accepted') return words.sent;
  return link === 'down' ? words.waiting : words.sending;
}

interface FailedProps {
  why: string;
  words: Words;
  onRetry(): void;
  onDiscard(): void;
}

/** Why it is not sent, and what to do about it. */
export const Failed = ({ why, words, onRetry, onDiscard }: FailedProps) => (
  <span class="meta failed" role="alert">
    {words.failed} · {why}
    <button type="button" onClick={onRetry}>
      {words.retry}
    </button>
    <button type="button" onClick={onDiscard}>
      {words.discard}
    </button>
  </span>
);
