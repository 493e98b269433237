import type { VisitorLine } from '@yixian/contracts/visitor-socket';
import { Component, createRef } from 'preact';
import type { Extras } from './app.tsx';
import { Bubble } from './bubble.tsx';
import type { Chat } from './chat.ts';
import { OwnPending } from './pending.tsx';
import { dayName, sameDay } from './when.ts';
import type { Words } from './words.ts';

/** Pixels from the end within which a reader counts as being at the end. */
const NEAR = 80;

interface MessagesProps {
  chat: Chat;
  words: Words;
  /** Whether nothing was said yet. */
  blank: boolean;
  extras: Extras | undefined;
}

/** What was said, oldest first. Stays at the end while the reader is there. */
export class Messages extends Component<MessagesProps> {
  private readonly box = createRef<HTMLDivElement>();
  private atEnd = true;

  private readonly resized = new ResizeObserver(() => this.stick());

  override componentDidMount(): void {
    this.resized.observe(this.box.current!);
    this.stick();
  }

  override componentWillUnmount(): void {
    this.resized.disconnect();
  }

  override componentDidUpdate(): void {
    this.stick();
  }

  render({ chat, words, blank, extras }: MessagesProps) {
    return (
      <div
        class="messages"
        ref={this.box}
        onScroll={() => this.look()}
        tabIndex={0}
        role="region"
        aria-label={words.messages}
      >
        {chat.older && (
          <button type="button" class="earlier" onClick={() => void chat.earlier()}>
            {words.earlier}
          </button>
        )}
        {blank && <Hello words={words} />}
        <Lines chat={chat} words={words} extras={extras} />
        <Tail chat={chat} words={words} />
      </div>
    );
  }

  private stick(): void {
    const box = this.box.current!;
    if (this.atEnd) box.scrollTop = box.scrollHeight;
  }

  private look(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.box.current!;
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
  }
}

function Lines({ chat, words, extras }: Omit<MessagesProps, 'blank'>) {
  const { lines, outbox, uploads, readByAgent } = chat;
  const lastOwn = lines.reduce((last, { from, position }) => (from === 'visitor' ? position : last), 0);
  return (
    <ol>
      {lines.map((line, at) => (
        <Bubble
          key={line.nonce ?? line.id}
          line={line}
          chat={chat}
          words={words}
          day={dayBefore(chat, at, words)}
          joined={continues(lines[at - 1], line)}
          mark={line.position === lastOwn ? (readByAgent >= line.position ? 'read' : 'sent') : undefined}
        />
      ))}
      {outbox.messages.map((message) => (
        <OwnPending key={message.nonce} message={message} chat={chat} words={words} />
      ))}
      {extras &&
        uploads.map((upload) => <extras.Sending key={upload.id} upload={upload} chat={chat} words={words} />)}
    </ol>
  );
}

const Hello = ({ words }: { words: Words }) => (
  <div class="hello">
    <h2>{words.hello}</h2>
    <p>{words.helloText}</p>
  </div>
);

/** What stands below the last message: who types, who is before us, that it is over. */
function Tail({ chat, words }: { chat: Chat; words: Words }) {
  if (chat.typing !== false) {
    return (
      <p class="typing">
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <span>{words.typing(chat.typing ?? words.agent)}</span>
      </p>
    );
  }
  const text = chat.ahead !== null ? words.queue(chat.ahead) : chat.conversation?.closed ? words.closed : '';
  return <p class="tail">{text}</p>;
}

function dayBefore({ lines, locale }: Chat, at: number, words: Words): string | undefined {
  const [before, line] = [lines[at - 1], lines[at]!];
  return before && sameDay(before.at, line.at) ? undefined : dayName(line.at, new Date(), locale, words);
}

/** Whether a line belongs to the same breath as the one before: same side and name, within three minutes. */
function continues(before: VisitorLine | undefined, line: VisitorLine): boolean {
  if (!before || before.from !== line.from || before.name !== line.name) return false;
  return Date.parse(line.at) - Date.parse(before.at) < 180_000;
}
