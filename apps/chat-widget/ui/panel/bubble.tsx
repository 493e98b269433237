import type { VisitorFile, VisitorLine } from '@yixian/contracts/visitor-socket';
import type { Chat } from './chat.ts';
import { Icon } from './icons.tsx';
import { linkify } from './linkify.ts';
import { clockTime, fileSize } from './when.ts';
import type { Words } from './words.ts';

interface BubbleProps {
  line: VisitorLine;
  chat: Chat;
  words: Words;
  /** The day's name, when a new day begins with this line. */
  day: string | undefined;
  /** Whether it goes on from the line before. */
  joined: boolean;
  mark: 'sent' | 'read' | undefined;
}

/** One line of the transcript. */
export function Bubble({ line, chat, words, day, joined, mark }: BubbleProps) {
  const own = line.from === 'visitor';
  const name = own ? words.you : (line.name ?? (line.from === 'bot' ? words.bot : words.agent));
  const side = line.from === 'system' ? 'system' : own ? 'own' : 'theirs';
  return (
    <>
      {day && <li class="day">{day}</li>}
      <li class={`line ${side}${joined && !day ? ' joined' : ''}`}>
        {side === 'theirs' && (
          <span class="face" aria-hidden="true">
            {[...name][0]}
          </span>
        )}
        <div class="said">
          {side !== 'system' && <span class={own ? 'unseen' : 'name'}>{own ? words.says(name) : name}</span>}
          <Content text={line.text} files={line.files} words={words} />
          <span class="meta">
            <time dateTime={line.at}>{clockTime(line.at, chat.locale)}</time>
            {mark && (
              <>
                <Icon name={mark} />
                <span class={mark}>{words[mark]}</span>
              </>
            )}
          </span>
        </div>
      </li>
    </>
  );
}

/** Text with its links, and files. Nothing is ever read as markup. */
export const Content = ({ text, files, words }: { text: string; files: VisitorFile[]; words: Words }) => (
  <>
    {text && (
      <p class="text" dir="auto">
        {linkify(text).map((piece) =>
          typeof piece === 'string' ? (
            piece
          ) : (
            <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
              {piece.text}
            </a>
          ),
        )}
      </p>
    )}
    {files.map((file) => (
      <File key={file.url} file={file} words={words} />
    ))}
  </>
);

const PICTURES = /^image\/(png|jpeg|gif|webp|avif)$/;

const File = ({ file, words }: { file: VisitorFile; words: Words }) => (
  <a class={PICTURES.test(file.type) ? 'picture' : 'file'} href={file.url} target="_blank" rel="noopener">
    {PICTURES.test(file.type) ? (
      <img
        src={file.url}
        alt={`${words.image} ${file.name}`}
        width={file.width}
        height={file.height}
        loading="lazy"
      />
    ) : (
      <FileName name={file.name} size={file.size} />
    )}
  </a>
);

export const FileName = ({ name, size }: { name: string; size: number }) => (
  <>
    <Icon name="file" />
    <span>
      <b>{name}</b>
      <small>{fileSize(size)}</small>
    </span>
  </>
);
