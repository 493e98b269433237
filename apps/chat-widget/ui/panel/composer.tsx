import { Component, createRef } from 'preact';
import type { Chat } from './chat.ts';
import { Icon } from './icons.tsx';
import type { Words } from './words.ts';

/** From how many characters before the limit on the count is shown. */
const COUNT_FROM = 200;

interface ComposerProps {
  chat: Chat;
  words: Words;
}

/** Where the visitor writes. Enter sends, Shift+Enter breaks the line; an input method's Enter does neither. */
export class Composer extends Component<ComposerProps> {
  private readonly area = createRef<HTMLTextAreaElement>();
  private readonly picker = createRef<HTMLInputElement>();
  private wasOpen = false;

  override componentDidMount(): void {
    this.settle();
  }

  override componentDidUpdate(): void {
    this.settle();
  }

  render({ chat, words }: ComposerProps) {
    const left = chat.maxText - chat.draft.length;
    return (
      <form class="composer" onSubmit={(event) => this.send(event)}>
        <input ref={this.picker} type="file" multiple hidden onChange={() => this.pick()} />
        {chat.maxFileBytes > 0 && (
          <button
            type="button"
            aria-label={words.attach}
            title={words.attach}
            onClick={() => this.picker.current!.click()}
          >
            <Icon name="clip" />
          </button>
        )}
        <textarea
          ref={this.area}
          rows={1}
          value={chat.draft}
          placeholder={words.write}
          aria-label={words.writeLabel}
          aria-describedby="count"
          enterkeyhint="send"
          onInput={(event) => chat.write(event.currentTarget.value)}
          onKeyDown={(event) => this.key(event)}
          onPaste={(event) => this.paste(event)}
        />
        <button
          type="submit"
          class="send"
          aria-label={words.send}
          title={words.send}
          disabled={!this.sendable}
        >
          <Icon name="send" />
        </button>
        <p id="count" class={left < 0 ? 'over' : ''}>
          {left < 0 ? words.over(-left) : left < COUNT_FROM ? words.left(left) : ''}
        </p>
      </form>
    );
  }

  private get sendable(): boolean {
    const { draft, maxText } = this.props.chat;
    return draft.trim() !== '' && draft.length <= maxText;
  }

  /** As tall as what is written; in focus once the panel opens. */
  private settle(): void {
    const area = this.area.current!;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
    const { open } = this.props.chat;
    if (open && !this.wasOpen) area.focus();
    this.wasOpen = open;
  }

  private send(event: Event): void {
    event.preventDefault();
    if (this.sendable) this.props.chat.say(this.props.chat.draft);
    this.area.current!.focus();
  }

  private key(event: KeyboardEvent): void {
    // Safari ends the composition before it reports the key, with 229 as its only trace (WebKit bug 165004).
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    this.send(event);
  }

  private paste(event: ClipboardEvent): void {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    void this.props.chat.send(files);
  }

  private pick(): void {
    const picker = this.picker.current!;
    void this.props.chat.send(picker.files ?? []);
    picker.value = '';
  }
}
