import type { ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words/words.tsx';
import { AttachmentTray } from './attachment-tray.tsx';
import { PickFiles } from './pick-files.tsx';
import type { Writing } from './use-writing.ts';

interface FootProps {
  writing: Writing;
  sendable: boolean;
  onSend: () => void;
  /** What is wrong with the text, if anything. */
  problem?: string | undefined;
  /** More to do than adding files. */
  children?: ReactNode;
}

/** The files of what is written, what can be added, and the button that sends it. */
export function WriterFoot({ writing, sendable, onSend, problem, children }: FootProps): ReactNode {
  const words = useWords();
  const { draft, awaited } = writing;
  const isNote = draft.mode === 'note';
  const hint = awaited ? words.composer.waitUpload : draft[draft.mode] && words.composer.draftSaved;
  return (
    <>
      {!isNote && (
        <AttachmentTray
          attachments={writing.attachments}
          uploads={writing.uploads}
          onRemove={writing.removeFile}
          onRemoveUpload={writing.removeUpload}
          onRetry={writing.retryUpload}
        />
      )}
      <div className="composer-foot">
        {!isNote && <PickFiles onFiles={writing.addFiles} />}
        {children}
        <span className="composer-hint" data-problem={problem ? '' : undefined}>
          {problem ?? hint}
        </span>
        <button
          type="button"
          className="button primary send"
          disabled={!sendable || awaited}
          onClick={onSend}
        >
          <Icon name={isNote ? 'note' : 'send'} size={16} />
          {isNote ? words.composer.saveNote : words.composer.send}
        </button>
      </div>
    </>
  );
}
