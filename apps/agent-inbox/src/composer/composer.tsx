import type { Conversation, EntryId, InboxView } from '@yixian/contracts';
import { movesFrom } from '@yixian/contracts/conversation-state';
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { act } from '../contact/act.ts';
import { useDesk } from '../desk/desk-context.tsx';
import { isComposing, useShortcut } from '../keyboard/shortcuts.ts';
import { Icon } from '../ui/icon.tsx';
import { newId } from '../ui/new-id.ts';
import { useObservable } from '../ui/observable.ts';
import { useWords } from '../words/words.tsx';
import { AttachmentTray } from './attachment-tray.tsx';
import { type ComposerMode, emptyDraft } from './drafts.ts';
import type { OutboxItem } from './outbox.ts';
import { PickFiles } from './pick-files.tsx';
import { useAutoHeight } from './use-auto-height.ts';
import { useUploads } from './use-uploads.ts';
import { Via } from './via.tsx';

/** The most characters of one message; the hub refuses more. */
const MAX_TEXT = 100_000;
/** The most files of one message. */
const MAX_FILES = 20;

export interface ComposerHandle {
  /** Puts the words into the reply as a quotation. */
  quote(text: string): void;
  /** Takes an unsent item back to be changed. */
  edit(item: OutboxItem): void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  conversation: Conversation;
  conversations: readonly Conversation[];
  /** The newest `seq` on screen, for the guard against answering twice. */
  seenSeq: number;
  view: InboxView;
}

/** Where an agent writes: to the customer, or a note to colleagues. */
export function Composer({ ref, conversation, conversations, seenSeq, view }: ComposerProps): ReactNode {
  const words = useWords();
  const desk = useDesk();
  const { drafts, outbox, sync, agent } = desk;
  const { contactId } = conversation;
  const draft = useObservable(drafts.all, (all) => all.get(contactId)) ?? emptyDraft;
  const input = useRef<HTMLTextAreaElement>(null);
  const [dropping, setDropping] = useState(false);
  const canReply = movesFrom(conversation.state).includes('reply');
  const { mode } = draft;
  const text = draft[mode];
  const closed = mode === 'reply' && !canReply;
  const { uploads, ...files } = useUploads((attachment) => {
    const { attachments } = drafts.of(contactId);
    drafts.change(contactId, { attachments: [...attachments, attachment] });
  });
  const attachments = mode === 'reply' ? draft.attachments : [];
  const surplus = text.length - MAX_TEXT;
  const coming = mode === 'reply' ? uploads.length : 0;
  const sendable = !closed && surplus <= 0 && (text.trim() !== '' || attachments.length > 0 || coming > 0);
  /** The agent has sent it already, before its files were up. */
  const [awaited, setAwaited] = useState(false);

  const switchTo = (next: ComposerMode) => {
    drafts.change(contactId, { mode: next });
    requestAnimationFrame(() => input.current?.focus());
  };
  const write = (value: string) => {
    setAwaited(false);
    drafts.change(contactId, { [mode]: value });
    if (mode === 'reply' && value) sync.typing(conversation.id);
  };
  const send = () => {
    if (!sendable) return;
    if (coming > 0) return setAwaited(true);
    outbox.add({
      id: newId<EntryId>(),
      agentId: agent.id,
      kind: mode === 'note' ? 'note' : 'message',
      contactId,
      conversationId: conversation.id,
      text: text.trim(),
      attachments,
      seenSeq,
    });
    drafts.change(contactId, mode === 'note' ? { note: '' } : { reply: '', attachments: [] });
    input.current?.focus();
  };
  const addFiles = (chosen: Iterable<File>) => {
    const room = MAX_FILES - draft.attachments.length - uploads.length;
    if (mode === 'note') drafts.change(contactId, { mode: 'reply' });
    files.add([...chosen].slice(0, room));
  };

  useImperativeHandle(ref, () => ({
    quote(quoted) {
      const lines = quoted.split('\n').map((line) => `> ${line}`);
      const { reply } = drafts.of(contactId);
      drafts.change(contactId, { reply: `${reply ? `${reply}\n` : ''}${lines.join('\n')}\n` });
      switchTo('reply');
    },
    edit(item) {
      outbox.discard(item.id);
      if (item.kind === 'note') drafts.change(contactId, { note: item.text });
      else drafts.change(contactId, { reply: item.text, attachments: item.attachments });
      switchTo(item.kind === 'note' ? 'note' : 'reply');
    },
  }));
  useEffect(() => {
    if (!awaited || coming > 0) return;
    setAwaited(false);
    send();
  }, [awaited, coming]);
  useShortcut('r', () => switchTo('reply'));
  useShortcut('n', () => switchTo('note'));
  useShortcut('enter', () => input.current?.focus());
  useAutoHeight(input, text);
  useViewing(contactId, text);

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
    addFiles(event.clipboardData.files);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    addFiles(event.dataTransfer.files);
  };
  return (
    <section
      className="composer"
      aria-label={words.composer.label}
      data-mode={mode}
      data-dropping={dropping ? '' : undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={onDrop}
    >
      <div className="composer-head">
        <div className="mode-tabs" role="group" aria-label={words.composer.mode}>
          {(['reply', 'note'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={mode === one}
              data-mode={one}
              onClick={() => switchTo(one)}
            >
              {one === 'note' && <Icon name="lock" size={13} />}
              {words.composer[one]}
            </button>
          ))}
        </div>
        {mode === 'reply' && <Via conversation={conversation} conversations={conversations} view={view} />}
      </div>
      {closed ? (
        <p className="composer-closed">
          <span>
            <strong>{words.composer.closed}</strong> {words.composer.closedHint}
          </span>
          <button
            type="button"
            className="button"
            onClick={() => void act(desk, words, desk.api.reopen(conversation.id))}
          >
            {words.timeline.reopen}
          </button>
        </p>
      ) : (
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
          {mode === 'reply' && (
            <AttachmentTray
              attachments={attachments}
              uploads={uploads}
              onRemove={(gone) =>
                drafts.change(contactId, { attachments: attachments.filter((one) => one !== gone) })
              }
              onRemoveUpload={files.remove}
              onRetry={files.retry}
            />
          )}
          <div className="composer-foot">
            {mode === 'reply' && <PickFiles onFiles={addFiles} />}
            <span className="composer-hint">
              {surplus > 0
                ? words.composer.tooLong(String(surplus))
                : awaited
                  ? words.composer.waitUpload
                  : text && words.composer.draftSaved}
            </span>
            <button
              type="button"
              className="button primary send"
              disabled={!sendable || awaited}
              onClick={send}
            >
              <Icon name={mode === 'note' ? 'note' : 'send'} size={16} />
              {mode === 'note' ? words.composer.saveNote : words.composer.send}
            </button>
          </div>
        </>
      )}
      {dropping && <p className="drop-hint">{words.composer.drop}</p>}
    </section>
  );
}

/** Tells colleagues that this contact is looked at, and whether something is being written. */
function useViewing(contactId: Conversation['contactId'], text: string): void {
  const { sync } = useDesk();
  const writing = text.trim() !== '';
  useEffect(() => sync.viewing(contactId, writing), [sync, contactId, writing]);
}
