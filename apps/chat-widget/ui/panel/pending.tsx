import { Content, FileName } from './bubble.tsx';
import type { Chat } from './chat.ts';
import type { Pending } from './outbox.ts';
import type { Upload } from './upload.ts';
import { fileSize } from './when.ts';
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

/** A file on its way up. */
export const Sending = ({ upload, chat, words }: { upload: Upload; chat: Chat; words: Words }) => (
  <li class="line own pending">
    <div class="said">
      {upload.preview ? (
        <span class="picture">
          <img src={upload.preview} alt={`${words.image} ${upload.name}`} />
        </span>
      ) : (
        <span class="file">
          <FileName name={upload.name} size={upload.size} />
        </span>
      )}
      {upload.code ? (
        <Failed
          why={
            upload.code === 'too_large'
              ? words.tooBig(fileSize(chat.maxFileBytes))
              : refusal(words, upload.code)
          }
          words={words}
          onRetry={upload.again}
          onDiscard={() => chat.removeUpload(upload)}
        />
      ) : (
        <>
          <progress max={100} value={upload.percent} aria-label={words.uploading(upload.percent)} />
          <span class="meta">{words.uploading(upload.percent)}</span>
        </>
      )}
    </div>
  </li>
);

interface FailedProps {
  why: string;
  words: Words;
  onRetry(): void;
  onDiscard(): void;
}

const Failed = ({ why, words, onRetry, onDiscard }: FailedProps) => (
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
