import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useImperativeHandle, useRef } from 'react';
import { isComposing } from '../keyboard/shortcuts.ts';
import { useWords } from '../words/words.tsx';
import { useAllowed } from './allowance-bar.tsx';
import { useAutoHeight } from './use-auto-height.ts';
import { WriterFoot } from './writer-foot.tsx';
import type { WriterProps } from './writer.ts';

/** The most characters of one message; the hub refuses more. */
const MAX_TEXT = 100_000;

interface PlainProps extends WriterProps {
  /** More to do than adding files. */
  tools?: ReactNode;
}

/** Plain text: to customers of most channels, and to colleagues. Enter sends. */
export function PlainWriter({ ref, conversation, writing, tools }: PlainProps): ReactNode {
  const allowed = useAllowed({ conversation, writing });
  const words = useWords();
  const input = useRef<HTMLTextAreaElement>(null);
  const { draft, change } = writing;
  const { mode } = draft;
  const text = draft[mode];
  const surplus = text.length - MAX_TEXT;
  const sendable = allowed && surplus <= 0 && (text.trim() !== '' || (mode === 'reply' && writing.hasFiles));
  useAutoHeight(input, text);
  useImperativeHandle(ref, () => ({
    focus: () => input.current?.focus(),
    quote(quoted) {
      const lines = quoted.split('\n').map((line) => `> ${line}`);
      change({ reply: `${draft.reply ? `${draft.reply}\n` : ''}${lines.join('\n')}\n` });
    },
  }));

  const write = (value: string) => {
    change({ [mode]: value });
    if (mode === 'reply' && value) writing.typing();
  };
  const send = () => {
    if (!sendable) return;
    writing.send(() => ({ text: text.trim(), attachments: writing.attachments }));
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') input.current?.blur();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    writing.addFiles(event.clipboardData.files);
  };
  return (
    <>
      <textarea
        ref={input}
        className="composer-text"
        aria-label={words.composer[mode]}
        placeholder={mode === 'note' ? words.composer.notePlaceholder : words.composer.replyPlaceholder}
        rows={2}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <WriterFoot
        writing={writing}
        sendable={sendable}
        onSend={send}
        problem={surplus > 0 ? words.composer.tooLong(String(surplus)) : undefined}
      >
        {mode === 'reply' && tools}
      </WriterFoot>
    </>
  );
}
