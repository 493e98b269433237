import { dropUpload } from './bring-files.ts';
import { FileName } from './bubble.tsx';
import type { Chat } from './chat.ts';
import { Failed } from './pending.tsx';
import type { Upload } from './upload.ts';
import { fileSize } from './when.ts';
import { refusal } from './words.ts';
import type { Words } from './words.ts';

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
          onDiscard={() => dropUpload(chat, upload)}
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
