import type { Conversation, InboxView } from '@yixian/contracts';
import { movesFrom } from '@yixian/contracts/conversation-state';
import { type ReactNode, type Ref, Suspense, useEffect, useImperativeHandle, useState } from 'react';
import { flushSync } from 'react-dom';
import { act } from '../contact/act.ts';
import { useDesk } from '../desk/desk-context.tsx';
import { useShortcut } from '../keyboard/shortcuts.ts';
import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words/words.tsx';
import { AllowanceBar } from './allowance-bar.tsx';
import type { ComposerMode } from './drafts.ts';
import type { OutboxItem } from './outbox.ts';
import { PlainWriter } from './plain-writer.tsx';
import { useWriting, type Writing } from './use-writing.ts';
import { useWriter } from './use-writer.ts';
import { Via } from './via.tsx';
import { writerOf } from './writers.ts';

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
  const { drafts, outbox } = useDesk();
  const writing = useWriting(conversation, seenSeq);
  const writer = useWriter(conversation.id);
  const { mode, revision } = writing.draft;
  const closed = mode === 'reply' && !movesFrom(conversation.state).includes('reply');
  const Writer = mode === 'note' ? PlainWriter : writerOf(conversation.channel);

  const switchTo = (next: ComposerMode) => {
    flushSync(() => writing.change({ mode: next }));
    writer.ask((shown) => shown.focus());
  };
  useImperativeHandle(ref, () => ({
    quote(quoted) {
      flushSync(() => writing.change({ mode: 'reply' }));
      writer.ask((shown) => {
        shown.quote(quoted);
        shown.focus();
      });
    },
    edit(item) {
      outbox.discard(item.id);
      const taken = item.draft ?? { reply: item.text, attachments: item.attachments };
      flushSync(() =>
        drafts.replace(
          item.conversationId,
          item.kind === 'note' ? { mode: 'note', note: item.text } : { mode: 'reply', ...taken },
        ),
      );
      writer.ask((shown) => shown.focus());
    },
  }));
  useShortcut('r', () => switchTo('reply'));
  useShortcut('n', () => switchTo('note'));
  useShortcut('enter', () => writer.ask((shown) => shown.focus()));
  useViewing(conversation.contactId, writing.draft[mode]);
  return (
    <DropZone label={words.composer.label} mode={mode} onFiles={writing.addFiles}>
      <div className="composer-head">
        <ModeTabs writing={writing} onMode={switchTo} />
        {mode === 'reply' && <Via conversation={conversation} conversations={conversations} view={view} />}
      </div>
      {closed ? (
        <Closed conversation={conversation} />
      ) : (
        <>
          {mode === 'reply' && <AllowanceBar conversation={conversation} writing={writing} />}
          <Suspense fallback={<div className="composer-text" aria-busy="true" />}>
            <Writer
              key={`${conversation.id}:${mode}:${revision}`}
              ref={writer.ref}
              conversation={conversation}
              writing={writing}
            />
          </Suspense>
        </>
      )}
    </DropZone>
  );
}

function ModeTabs({
  writing,
  onMode,
}: {
  writing: Writing;
  onMode: (mode: ComposerMode) => void;
}): ReactNode {
  const words = useWords();
  return (
    <div className="mode-tabs" role="group" aria-label={words.composer.mode}>
      {(['reply', 'note'] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={writing.draft.mode === one}
          data-mode={one}
          onClick={() => onMode(one)}
        >
          {one === 'note' && <Icon name="lock" size={13} />}
          {words.composer[one]}
        </button>
      ))}
    </div>
  );
}

function Closed({ conversation }: { conversation: Conversation }): ReactNode {
  const words = useWords();
  const desk = useDesk();
  return (
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
  );
}

interface DropZoneProps {
  label: string;
  mode: ComposerMode;
  onFiles: (files: Iterable<File>) => void;
  children: ReactNode;
}

function DropZone({ label, mode, onFiles, children }: DropZoneProps): ReactNode {
  const words = useWords();
  const [dropping, setDropping] = useState(false);
  return (
    <section
      className="composer"
      aria-label={label}
      data-mode={mode}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDropping(false);
        onFiles(event.dataTransfer.files);
      }}
    >
      {children}
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
